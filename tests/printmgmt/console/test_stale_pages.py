"""What a page older than someone else's decision still sends: refused in words, and nothing changes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import configure, get_addon, install, pause, uninstall
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.breaker.deciding import approve
from printmgmt.deprovisioning.deciding import skip_steps
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.deprovisioning.models import BreakerBatch, DeprovisionRun, Trigger
from printmgmt.deprovisioning.policy import change_policy, groups_kept_until
from printmgmt.organizations.invitations import accept, invite, new_token
from printmgmt.organizations.models import Account, Administrator, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.devices import enrol_device
from printmgmt.people.groups import create_group, rename_group
from printmgmt.people.memberships import Change, Members, Verb, change_members
from printmgmt.people.models import PrintGroup, PrintUser, ReviewItem, ReviewKind
from printmgmt.people.revocations import revoke_credential, revoke_device
from printmgmt.people.services import lock_person, update_person
from printmgmt.people.tombstones import remove_group
from scim_sync.credentials.clients import create_client_secret, revoke_client_secret, switch_off
from scim_sync.credentials.tokens import mint_first_token, revoke_token
from scim_sync.models import ScimClient, ScimClientSecret, ScimToken
from scim_sync.services.review_decisions import refuse_link
from tests import factories
from tests.factories import TESTER

pytestmark = pytest.mark.django_db

EXPORT = "directory-export"
OURS = ("organizations", "audit", "people", "deprovisioning", "addons", "scim_sync", "directory_export")


@dataclass
class World:
    """Contoso as the page showed it, and the browser in which it is still open."""

    contoso: Organization
    client: Client
    ada: PrintUser
    bob: PrintUser
    staff: PrintGroup
    helper: Administrator
    sync: Installation
    export: Installation
    shown: dict[str, Any] = field(default_factory=dict)
    """Ids and hidden fields that stood on the page."""


def account(email: str) -> Account:
    """Who never signs in here, so that no password has to be hashed."""
    return Account.objects.create(email=email)


@pytest.fixture
def world() -> World:
    contoso = factories.organization("Contoso")
    client = Client()
    client.force_login(contoso.administrators.get().account)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    ada, bob = (factories.person(contoso, name, display_name=name.title()) for name in ("ada", "bob"))
    set_card(ada, "CARD-4711", by=TESTER)
    set_pin(ada, "1357", by=TESTER)
    enrol_device(ada, "laptop", by=TESTER)
    staff = create_group(contoso, "Staff", by=TESTER)
    change_members(staff, [Change(Verb.ADD, Members(frozenset({ada.pk})))], by=TESTER)
    sync = factories.installed(contoso)
    mint_first_token(sync, by=TESTER)
    export = install(contoso, get_addon(EXPORT), by=TESTER)
    helper = factories.administrator(contoso, Role.HELPDESK, who=account("helper@contoso.example"))
    return World(contoso, client, ada, bob, staff, helper, sync, export)


def everything() -> dict[str, list[Any]]:
    """Every row of ours."""
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


Happens = Callable[[World], object]


@dataclass(frozen=True)
class Row:
    """One action of an older page: what has happened since, the POST, and the console's response."""

    view: str
    meanwhile: Happens
    message: str
    data: Callable[[World], dict[str, Any]] = lambda world: {}
    where: Callable[[World], dict[str, Any]] = lambda world: {}
    status: int = 200


def ada(world: World) -> dict[str, Any]:
    return {"person": world.ada.pk}


def staff(world: World) -> dict[str, Any]:
    return {"group": world.staff.pk}


def helper(world: World) -> dict[str, Any]:
    return {"administrator": world.helper.pk}


def sync(world: World) -> dict[str, Any]:
    return {"addon": factories.ADDON, "installation": world.sync.pk}


def add(world: World) -> dict[str, Any]:
    return {"addon": factories.ADDON}


def own(world: World) -> dict[str, Any]:
    """A page of the sync's own."""
    return {"installation": world.sync.pk}


def export(world: World) -> dict[str, Any]:
    return {"installation": world.export.pk}


def suspended(world: World) -> object:
    return leaving.suspend(world.ada, by=TESTER)


def blocked(world: World) -> object:
    return leaving.block(world.ada, by=TESTER)


def removed(world: World) -> object:
    return leaving.remove(world.ada, by=TESTER)


def merged(world: World) -> object:
    return merge_people(world.bob, world.ada, by=TESTER)


def back(world: World) -> None:
    leaving.suspend(world.ada, by=TESTER)
    leaving.restore(world.ada, by=TESTER)


def nothing(world: World) -> None:
    """The page is as old as the world: what it asks is so already."""


def removed_too_long(world: World) -> None:
    run = leaving.remove(world.ada, by=TESTER)
    DeprovisionRun.objects.filter(pk=run.pk).update(cut_at=run.cut_at - timedelta(days=8))


def removed_and_name_reused(world: World) -> None:
    leaving.remove(world.ada, by=TESTER)
    factories.person(world.contoso, "ada")


def others_decision(world: World) -> None:
    """Suspended (the message offered Undo), restored by someone else, removed by a third."""
    suspended(world)
    world.shown["epoch"] = world.ada.epoch
    leaving.restore(world.ada, by=TESTER)
    removed(world)


def page_before(world: World) -> None:
    """A page that showed Ada active; she left and came back since."""
    world.shown["epoch"] = world.ada.epoch
    back(world)


def person(view: str, meanwhile: Happens, message: str, **data: Any) -> Row:
    return Row(f"console:person_{view}", meanwhile, message, lambda world: {**world.shown, **data}, where=ada)


PERSON = [
    person("suspend", suspended, "Ada is suspended."),
    person("suspend", blocked, "Ada is blocked."),
    person("suspend", removed, "Ada is removed. Restore them first"),
    person("suspend", merged, "Ada was merged into Bob. Continue with them."),
    person("suspend", page_before, "Ada is active. See below what happened in the meantime"),
    person("block", blocked, "Ada is blocked."),
    person("block", removed, "Ada is removed. Restore them first"),
    person("block", merged, "Continue with them"),
    person("unblock", nothing, "Ada is active. The person is not blocked."),
    person("unblock", suspended, "Ada is suspended. The person is not blocked."),
    person("unblock", lambda world: (blocked(world), removed(world)), "Ada is removed. Restore them first"),
    person("disallow", nothing, "Ada is active. There is no exception to end."),
    person("disallow", suspended, "Ada is suspended. There is no exception to end."),
    person("disallow", removed, "Ada is removed. Restore them first"),
    person("remove", removed, "Ada is removed. Restore them first"),
    person("remove", merged, "Continue with them"),
    person("remove", page_before, "Ada is active. See below what happened in the meantime"),
    person("restore", back, "Ada is active."),
    person("restore", blocked, "Ada is blocked. Unblock them if they may print again."),
    person("restore", merged, "Ada was merged into Bob and cannot be restored"),
    person("restore", removed_too_long, "the restore period is over"),
    person("restore", removed_and_name_reused, "Another person already has the user name"),
    person("restore", others_decision, "Ada is removed. See below what happened in the meantime"),
    person("edit", removed, "Ada is removed.", display_name="Eve", user_name="ada"),
    person("edit", merged, "Continue with them", display_name="Eve", user_name="ada"),
    person("card", removed, "Ada is removed. Nothing can be assigned to them.", number="1"),
    person("card", suspended, "Ada is suspended. Nothing can be assigned to them.", number="1"),
    person("card", merged, "Continue with them", number="1"),
    person("pin", removed, "Ada is removed. Nothing can be assigned to them.", way="type", pin="2468"),
    person("pin", blocked, "Ada is blocked. Nothing can be assigned to them.", way="show"),
]


def shown_card(world: World) -> None:
    card = world.ada.credentials.get(kind="card")
    world.shown["credential"] = card.pk
    revoke_credential(world.ada, card.pk, by=TESTER)


def wiped_card(world: World) -> None:
    card = world.ada.credentials.get(kind="card")
    world.shown["credential"] = card.pk
    card.delete()


def shown_device(world: World) -> None:
    device = world.ada.devices.get()
    world.shown["device"] = device.pk
    revoke_device(world.ada, device.pk, by=TESTER)


def edited(world: World) -> None:
    """Someone else corrects the name that the older page still shows in its form."""
    html = world.client.get(reverse("console:person_edit", kwargs=_at(world, ada))).content.decode()
    world.shown["seen"] = _hidden(html, "seen")
    lock_person(world.ada)
    update_person(world.ada, {"display_name": "Ada L."}, by=TESTER)


def _hidden(html: str, name: str) -> str:
    return html.partition(f'name="{name}" value="')[2].partition('"')[0]


def _at(world: World, where: Callable[[World], dict[str, Any]]) -> dict[str, Any]:
    return {"organization": world.contoso.slug, **where(world)}


PIECES = [
    Row("console:person_credential_revoke", shown_card, "It was already revoked.",
        where=lambda world: {**ada(world), "credential": world.shown["credential"]}),
    Row("console:person_credential_revoke", wiped_card, "It was already revoked.",
        where=lambda world: {**ada(world), "credential": world.shown["credential"]}),
    Row("console:person_device_revoke", shown_device, "It was already revoked.",
        where=lambda world: {**ada(world), "device": world.shown["device"]}),
    Row("console:person_edit", edited, "someone else changed this in the meantime. Compare, then save",
        where=ada,
        data=lambda world: {"user_name": "ada", "display_name": "Eve", "seen": world.shown["seen"]}),
    Row("console:person_edit", edited, "Current value: Ada L.", where=ada,
        data=lambda world: {"user_name": "ada", "display_name": "Eve", "seen": world.shown["seen"]}),
    Row("console:person_merge", merged, "has already been merged into someone",
        where=lambda world: {"person": world.bob.pk, "other": world.ada.pk}),
    Row("console:person_merge", removed, "Ada was removed, so nobody can be merged into them",
        where=lambda world: {"person": world.ada.pk, "other": world.bob.pk}),
]  # fmt: skip


def deleted(world: World) -> None:
    world.shown["pick"] = str(world.staff.pk)
    remove_group(world.staff, until=groups_kept_until(world.contoso), by=TESTER)


def deleted_and_name_reused(world: World) -> None:
    deleted(world)
    create_group(world.contoso, "Staff", by=TESTER)


def taken_over(world: World) -> None:
    PrintGroup.objects.filter(pk=world.staff.pk).update(source=world.sync.source)


def renamed(world: World) -> None:
    """Staff → Team by us (the message offers Undo), then → Crew by someone else."""
    url = reverse("console:group_rename", kwargs=_at(world, staff))
    html = world.client.post(url, {"display_name": "Team"}, follow=True).content.decode()
    world.shown |= {"display_name": _hidden(html, "display_name"), "seen": _hidden(html, "seen")}
    assert world.shown["display_name"] == "Staff"
    rename_group(PrintGroup.objects.get(pk=world.staff.pk), "Crew", by=TESTER)


def pick_ada(world: World) -> dict[str, Any]:
    return {"pick": str(world.ada.pk)}


def pick_staff(world: World) -> dict[str, Any]:
    return {"pick": str(world.shown.get("pick", world.staff.pk))}


KEEPS = "Their groups are kept for when they return."

GROUPS = [
    Row("console:person_groups", removed, f"Ada is removed. {KEEPS}", pick_staff, ada),
    Row("console:person_groups", deleted, "Your selection no longer exists", pick_staff, ada),
    Row("console:person_groups_remove", removed, f"Ada is removed. {KEEPS}", pick_staff, ada),
    Row("console:person_groups_remove", merged, f"Continue with them. {KEEPS}", pick_staff, ada),
    Row("console:person_groups_remove", deleted, "They were not added in the console", pick_staff, ada),
    Row("console:group_members", removed, "None of your selection exists any more", pick_ada, staff),
    Row("console:group_members", deleted, "It may have been deleted in the meantime.", pick_ada, staff, 404),
    Row("console:group_members_remove", removed, "No changes were made: Ada is removed.", pick_ada, staff),
    Row("console:group_members_remove", deleted, "may have been deleted in the meantime",
        pick_ada, staff, 404),
    Row("console:group_rename", deleted, "It may have been deleted in the meantime.",
        lambda world: {"display_name": "Crew"}, staff, 404),
    Row("console:group_rename", taken_over, "is managed by its directory. Change it there.",
        lambda world: {"display_name": "Crew"}, staff),
    Row("console:group_rename", renamed, "Current value: Crew", lambda world: world.shown, staff),
    Row("console:group_delete", deleted, "It may have been deleted in the meantime.",
        where=staff, status=404),
    Row("console:group_restore", nothing, "No changes were made.", where=staff),
    Row("console:group_restore", deleted_and_name_reused, "Another group already has the name", where=staff),
    Row("console:group_delete", taken_over, "is managed by its directory. Change it there.", where=staff),
]  # fmt: skip


def ended(world: World) -> None:
    Administrator.objects.filter(pk=world.helper.pk).update(disabled_at=timezone.now())


def invited(world: World) -> str:
    owner = world.contoso.administrators.get(role=Role.OWNER)
    invitation = invite(world.contoso, "new@contoso.example", Role.AUDITOR, by=owner)
    token = new_token(invitation)
    world.shown["invitation"] = invitation.pk
    return token


def accepted(world: World) -> None:
    accept(invited(world), account("new@contoso.example"))


def withdrawn(world: World) -> None:
    invited(world)
    world.contoso.invitations.all().delete()


def invitation(world: World) -> dict[str, Any]:
    return {"invitation": world.shown["invitation"]}


OVER = "This invitation was accepted or withdrawn in the meantime."

ADMINISTRATORS = [
    Row("console:administrator_role", ended, "This access ended in the meantime. Restore it first",
        lambda world: {"role": "admin"}, helper),
    Row("console:administrator_role", nothing, "Someone else has already decided this.",
        lambda world: {"role": "helpdesk"}, helper),
    Row("console:administrator_remove", ended, "Someone else has already decided this",
        where=helper),
    Row("console:administrator_restore", nothing, "Someone else has already decided this", where=helper),
    Row("console:administrator_two_factor", nothing, "Someone else has already changed this"),
    Row("console:administrator_invitation_resend", accepted, OVER, where=invitation, status=404),
    Row("console:administrator_invitation_resend", withdrawn, OVER, where=invitation, status=404),
    Row("console:administrator_invitation_withdraw", accepted, OVER, where=invitation, status=404),
    Row("console:administrator_invitation_withdraw", withdrawn, OVER, where=invitation, status=404),
]  # fmt: skip


def page_of(world: World, name: str, which: int) -> str:
    """The ``which``-th hidden ``seen`` of a page."""
    kwargs = {"organization": world.contoso.slug}
    html = world.client.get(reverse(name, kwargs=kwargs)).content.decode()
    return html.split('name="seen" value="')[which].partition('"')[0]


def organization_changed(world: World) -> None:
    world.shown["seen"] = page_of(world, "console:settings", 1)
    Organization.objects.filter(pk=world.contoso.pk).update(name="Contoso Ltd", time_zone="Europe/Paris")


def policy_changed(world: World) -> None:
    world.shown["seen"] = page_of(world, "console:settings", 2)
    change_policy(world.contoso, {"suspend_grace_days": 60}, by=TESTER)


def run_mended(world: World) -> None:
    world.shown["run"] = leaving.remove(world.ada, by=TESTER).pk


def run_skipped(world: World) -> None:
    run = leaving.remove(world.ada, by=TESTER)
    step = run.steps.get(name="wipe-credentials")
    world.shown |= {"run": run.pk, "step": step.pk}
    skip_steps(run, by=TESTER, reason="The card is lost", only=[step])


def run_back(world: World) -> None:
    run = leaving.remove(world.ada, by=TESTER)
    world.shown |= {"run": run.pk, "step": run.steps.get(name="wipe-credentials").pk}
    leaving.restore(world.ada, by=TESTER)


def batch_decided(world: World) -> None:
    batch = BreakerBatch.objects.create(organization=world.contoso)
    world.shown["batch"] = batch.pk
    approve(batch, by=TESTER)


POLICY = {
    "suspend_grace_days": 20, "remove_grace_days": 7, "breaker_people": 20, "breaker_percent": 10,
    "breaker_minutes": 60, "retention_days": 365, "digest_minutes": 15, "waiting_jobs": "hold",
    "close_queues": "on",
}  # fmt: skip

SETTINGS = [
    Row("console:settings_organization", organization_changed, "Current value: Contoso Ltd",
        lambda world: {**world.shown, "name": "Contoso GmbH", "time_zone": "UTC", "uncollected_hours": "24"}),
    Row("console:settings_policy", policy_changed, "Current value: 60",
        lambda world: {**world.shown, **POLICY}),
    Row("console:run_retry", run_mended, "Nothing to retry",
        where=lambda world: {"run": world.shown["run"]}),
    Row("console:run_skip", run_skipped, "This step is over and cannot be skipped.",
        lambda world: {"step": world.shown["step"], "reason": "No printer"},
        where=lambda world: {"run": world.shown["run"]}),
    Row("console:run_approve", run_back, "This leaving is over: access has changed since.",
        lambda world: {"step": world.shown["step"], "reason": "Now"},
        where=lambda world: {"run": world.shown["run"]}),
    Row("console:batch_approve", batch_decided, "Someone has decided this already.",
        where=lambda world: {"batch": world.shown["batch"]}),
    Row("console:batch_restore", batch_decided, "Someone has decided this already.",
        lambda world: {"reason": "A mistake"},
        where=lambda world: {"batch": world.shown["batch"]}),
]  # fmt: skip


def uninstalled(world: World) -> None:
    world.shown["token"] = ScimToken.objects.get().pk
    for installation in (world.sync, world.export):
        uninstall(installation, Disposition.KEEP, by=TESTER)


def reinstalled(world: World) -> None:
    uninstalled(world)
    mint_first_token(factories.installed(world.contoso), by=TESTER)


def token_revoked(world: World) -> None:
    token = ScimToken.objects.get()
    world.shown["token"] = token.pk
    revoke_token(token, by=TESTER)


def token(world: World) -> dict[str, Any]:
    return {**own(world), "token": world.shown["token"]}


def client_made(world: World) -> None:
    create_client_secret(world.sync, by=TESTER, label="Azure")
    world.shown["secret"] = ScimClientSecret.objects.get().pk


def client_secret_revoked(world: World) -> None:
    client_made(world)
    secrets = ScimClientSecret.objects.select_related("client__installation__organization")
    revoke_client_secret(secrets.get(), by=TESTER)


def client_switched_off(world: World) -> None:
    client_made(world)
    switch_off(ScimClient.objects.select_related("installation__organization").get(), by=TESTER)


def client_gone(world: World) -> None:
    client_made(world)
    uninstalled(world)


def client_secret(world: World) -> dict[str, Any]:
    return {**own(world), "secret": world.shown["secret"]}


def paused(world: World) -> object:
    return pause(world.sync, by=TESTER)


def settings_changed(world: World) -> None:
    url = reverse("addons:settings", kwargs=_at(world, sync))
    world.shown["seen"] = _hidden(world.client.get(url).content.decode(), "seen")
    configure(world.sync, {"linking": "review"}, by=TESTER)


def new_settings(world: World) -> dict[str, Any]:
    return {**world.sync.settings, "linking": "refuse", **world.shown}


GONE = "This add-on is not installed, or was reinstalled in the meantime."


def outdated_form(view: str, where: Callable[[World], dict[str, Any]], **data: Any) -> Row:
    """Uninstalled and added again since the form was shown: it is not about the new installation."""
    return Row(view, reinstalled, GONE, lambda world: data, where, 404)


def gone(view: str, where: Callable[[World], dict[str, Any]] = own) -> Row:
    return Row(view, uninstalled, GONE, lambda world: {"consent": "yes", "secret": "x"}, where, 404)


ADDONS = [
    Row("addons:install", nothing, "is already installed", lambda world: {"consent": "yes"}, add),
    Row("addons:pause", paused, "is already paused", where=sync),
    Row("addons:resume", nothing, "is no longer paused", where=sync),
    Row("addons:settings", settings_changed, "Current value: review", new_settings, sync),
    Row("scim_sync:revoke", token_revoked, "was already revoked", where=token),
    Row("scim_sync:revoke", reinstalled, GONE, where=token, status=404),
    Row("scim_sync:revoke_client_secret", client_secret_revoked, "was already revoked", where=client_secret),
    Row("scim_sync:switch_off_client", client_switched_off, "already switched off", where=own),
    Row("scim_sync:switch_on_client", client_made, "already switched on", where=own),
    Row("scim_sync:revoke_client_secret", client_gone, GONE, where=client_secret, status=404),
    Row("scim_sync:switch_off_client", client_gone, GONE, where=own, status=404),
    Row("scim_sync:switch_on_client", client_gone, GONE, where=own, status=404),
    Row("addons:rename", nothing, "Another add-on already has the name “directory EXPORT”",
        lambda world: {"name": "directory EXPORT"}, sync),
    outdated_form("addons:pause", sync),
    outdated_form("addons:settings", sync, linking="refuse"),
    outdated_form("addons:uninstall", sync, name="Microsoft Azure AD User Sync", people="remove"),
    outdated_form("scim_sync:rotate", own, label="Second", days="365"),
    *(gone(f"addons:{name}", sync) for name in ("settings", "rename", "pause", "resume", "uninstall")),
    gone("scim_sync:revoke", token),
    gone("scim_sync:rotate"),
    gone("scim_sync:create_client_secret"),
    gone("scim_sync:first_token"),
    gone("scim_sync:review_approve_all"),
    gone("directory_export:export_now", export),
    gone("directory_export:secret", export),
]  # fmt: skip


def question(world: World, kind: ReviewKind, **details: object) -> ReviewItem:
    item = ReviewItem.objects.create(
        organization=world.contoso, kind=kind, key=str(world.ada.pk), person=world.ada,
        source=world.sync.source, details=details,
    )  # fmt: skip
    world.shown["item"] = item.pk
    return item


def refused_by_another(world: World) -> None:
    refuse_link(question(world, ReviewKind.LINK), by=TESTER, account=world.helper.account)


def rehire_kept(world: World) -> None:
    gone = factories.leaver(world.contoso, Trigger.REMOVED).person
    item = question(world, ReviewKind.REHIRE, tombstones=[str(gone.pk)])
    item.state, item.decided_at, item.decided_by = "approved", timezone.now(), world.helper.account
    item.save()


def card_stayed(world: World) -> None:
    item = question(world, ReviewKind.CARD_HELD, last4="4711", holder=str(world.bob.pk))
    item.state, item.decided_at, item.decided_by = "refused", timezone.now(), world.helper.account
    item.save()


def item(world: World) -> dict[str, Any]:
    return {**own(world), "item": world.shown["item"]}


DECIDED = "No changes were made. helper@contoso.example has already decided this:"

REVIEWS = [
    Row("scim_sync:review_refuse", refused_by_another, DECIDED, where=item),
    Row("scim_sync:review_card_stays", card_stayed, DECIDED, where=item),
    Row("scim_sync:review_card_moves", card_stayed, DECIDED, where=item),
    Row("scim_sync:review_take_over", card_stayed, "This is a different kind of question.", where=item),
    Row("scim_sync:review_leave", card_stayed, "This is a different kind of question.", where=item),
    Row("scim_sync:review_ask_again", card_stayed, "This is a different kind of question.", where=item),
    Row("console:person_rehire_keep", rehire_kept, DECIDED,
        where=lambda world: {**ada(world), "item": world.shown["item"]}),
]  # fmt: skip

ROWS = [*PERSON, *PIECES, *GROUPS, *ADMINISTRATORS, *SETTINGS, *ADDONS, *REVIEWS]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.view} {row.meanwhile.__name__}" for row in ROWS])
def test_what_an_older_page_sends_is_refused_in_words_and_changes_nothing(world: World, row: Row) -> None:
    row.meanwhile(world)
    url = reverse(row.view, kwargs=_at(world, row.where))
    before = everything()

    answer = world.client.post(url, row.data(world), follow=True)

    assert answer.status_code == row.status
    assert row.message in " ".join(unescape(answer.content.decode()).split())
    assert everything() == before


def test_a_membership_that_an_older_page_wanted_to_end_is_there_after_a_restore(world: World) -> None:
    removed(world)
    pick = {"pick": str(world.staff.pk)}
    world.client.post(reverse("console:person_groups_remove", kwargs=_at(world, ada)), pick)
    world.client.post(reverse("console:group_members_remove", kwargs=_at(world, staff)), pick_ada(world))

    leaving.restore(world.ada, by=TESTER)

    assert world.staff.memberships.filter(person=world.ada).exists()


def test_of_several_chosen_those_who_are_gone_are_named_and_the_others_added(world: World) -> None:
    removed(world)
    url = reverse("console:group_members", kwargs=_at(world, staff))

    html = world.client.post(url, {"pick": [str(world.ada.pk), str(world.bob.pk)]}, follow=True)

    assert (
        "1 of your selection was removed or deleted in the meantime and not added." in html.content.decode()
    )
    assert world.staff.memberships.filter(person=world.bob).exists()


def test_what_was_compared_is_saved_the_second_time(world: World) -> None:
    edited(world)
    url = reverse("console:person_edit", kwargs=_at(world, ada))
    wanted = {"user_name": "ada", "display_name": "Eve"}
    again = world.client.post(url, {**wanted, "seen": world.shown["seen"]}).content.decode()

    world.client.post(url, {**wanted, "seen": _hidden(again, "seen")})

    world.ada.refresh_from_db()
    assert world.ada.display_name == "Eve"


def test_a_stranger_does_not_learn_what_is_installed(world: World) -> None:
    stranger = factories.signed_in(factories.organization("Fabrikam"))
    url = reverse("addons:pause", kwargs=_at(world, sync))
    results = []
    for happens in (nothing, uninstalled):
        happens(world)
        answer = stranger.post(url)
        results.append(
            (answer.status_code, "It may have moved, or you don't have access." in answer.content.decode())
        )

    assert results == [(404, True), (404, True)]
    assert not AuditEvent.objects.filter(verb="addon.paused").exists()
