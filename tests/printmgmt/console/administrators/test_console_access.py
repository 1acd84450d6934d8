"""What an operator does to people ends nobody's console access: every action on every pair."""

from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from addons.models import Installation
from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.invitations import InvitationError, accept, invite, new_token
from printmgmt.organizations.models import Account, Administrator, Invitation, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PrintUser
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.scim_sync.client import DISABLE, Scim, op

pytestmark = pytest.mark.django_db

LOWER = [Role.ADMIN, Role.HELPDESK]


@dataclass
class Try:
    """A browser of someone who is no owner, an account to be locked out, and a person with its address."""

    browser: Client
    installation: Installation
    account: Account
    person: PrintUser

    def post(self, name: str, person: PrintUser | None = None, **data: str) -> None:
        """Press a button of a person's page; what the role may not do is refused, and changes nothing."""
        where = {"organization": self.person.organization.slug, "person": (person or self.person).pk}
        answer = self.browser.post(reverse(f"console:person_{name}", kwargs=where), data)
        assert answer.status_code in (200, 302, 403)

    def edit(self, person: PrintUser, **fields: str) -> None:
        fields = {"user_name": person.user_name, "work_email": person.work_email, **fields}
        self.post("edit", person, **fields)

    def other(self, **fields: str) -> PrintUser:
        return factories.person(self.person.organization, **fields)

    def merge(self, keep: PrintUser, other: PrintUser) -> None:
        where = {"organization": keep.organization.slug, "person": keep.pk, "other": other.pk}
        self.browser.post(reverse("console:person_merge", kwargs=where))

    def uninstall(self, people: str) -> None:
        PrintUser.objects.filter(pk=self.person.pk).update(source=self.installation.source)
        self.browser.post(
            factories.page_of(self.person.organization, "addons:uninstall"),
            {"people": people, "name": "Microsoft Azure AD User Sync"},
        )


def renamed_then(button: str) -> Callable[[Try], None]:
    """Someone else's user name or email is made the account's first."""

    def go(it: Try) -> None:
        free = f"free-{it.person.pk}"  # a user name is someone's alone
        PrintUser.objects.filter(pk=it.person.pk).update(user_name=free, user_name_key=free)
        by_name, by_mail = it.other(), it.other()
        it.edit(by_name, user_name=it.account.email)
        it.edit(by_mail, work_email=it.account.email.upper())
        it.post(button, by_name)
        it.post(button, by_mail)

    return go


def added_then_gone_in_the_directory(it: Try) -> None:
    where = {"organization": it.person.organization.slug}
    fields = {"user_name": "somebody", "work_email": it.account.email}
    it.browser.post(reverse("console:person_add", kwargs=where), fields)
    made = PrintUser.objects.get(user_name="somebody")
    assert Scim.of(it.installation).patch(made.pk, DISABLE).status == 200


def merged(it: Try) -> None:
    it.merge(it.other(), it.person)
    other = it.other()
    it.merge(it.person, other)
    it.post("remove")
    it.merge(it.other(), it.person)


ACTIONS: dict[str, Callable[[Try], None]] = {
    "suspend": lambda it: it.post("suspend"),
    "block": lambda it: it.post("block"),
    "remove": lambda it: it.post("remove"),
    "suspend, block, remove": lambda it: [it.post(name) for name in ("suspend", "block", "remove")] and None,
    "block, unblock, block": lambda it: [it.post(name) for name in ("block", "unblock", "block")] and None,
    "suspend, restore, suspend": lambda it: [it.post(n) for n in ("suspend", "restore", "suspend")] and None,
    "rename, suspend": renamed_then("suspend"),
    "rename, block": renamed_then("block"),
    "rename, remove": renamed_then("remove"),
    "add, and the directory disables": added_then_gone_in_the_directory,
    "merge": merged,
    "uninstall, suspend": lambda it: it.uninstall("suspend"),
    "uninstall, remove": lambda it: it.uninstall("remove"),
}


@pytest.mark.parametrize("role", LOWER)
@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_a_lower_role_does_to_a_person_ends_anybodys_console_access(
    contoso: Organization, action: str, role: Role
) -> None:
    installation = factories.installed(contoso)
    browser = factories.signed_in(contoso, role)
    before = set(contoso.administrators.active())
    for above in (Role.OWNER, Role.ADMIN, Role.HELPDESK):
        account = factories.administrator(contoso, above).account
        before.add(account.administrations.get())
        installation.refresh_from_db()
        ACTIONS[action](Try(browser, installation, account, factories.person(contoso, account.email)))
        if action.startswith(("uninstall", "add")):
            break  # there is one installation, and one token of it

    assert set(contoso.administrators.active()) == before
    assert not AuditEvent.objects.filter(verb="administrator.access-ended").exists()


@pytest.mark.parametrize("role", LOWER)
@pytest.mark.parametrize("button", ["restore", "unblock"])
def test_nothing_a_lower_role_does_to_a_person_gives_console_access_back(
    contoso: Organization, role: Role, button: str
) -> None:
    owner = contoso.administrators.get()
    fallen = factories.administrator(contoso)
    person = factories.person(contoso, fallen.account.email)
    if button == "unblock":
        leaving.block(person, by=factories.TESTER)
    else:
        leaving.suspend(person, by=factories.TESTER)

    where = {"organization": contoso.slug, "person": person.pk}
    answer = factories.signed_in(contoso, role).post(reverse(f"console:person_{button}", kwargs=where))

    assert answer.status_code == 302
    person.refresh_from_db()
    assert not person.is_gone
    assert fallen not in contoso.administrators.active()
    assert owner in contoso.administrators.active()


def test_an_invitation_of_a_lower_role_gives_no_ended_access_back(contoso: Organization) -> None:
    admin = factories.administrator(contoso, Role.ADMIN)
    fallen = factories.administrator(contoso, Role.HELPDESK)
    invited = invite(contoso, "early@contoso.example", Role.AUDITOR, by=admin)
    token = new_token(invited)
    early = factories.administrator(contoso, Role.HELPDESK, who=factories.account("early@contoso.example"))
    for gone in (fallen, early):
        leaving.suspend(factories.person(contoso, gone.account.email), by=factories.DIRECTORY)

    with pytest.raises(InvitationError, match="Only an owner"):
        invite(contoso, fallen.account.email, Role.AUDITOR, by=admin)
    with pytest.raises(InvitationError):
        accept(token, early.account)

    assert not contoso.administrators.active().filter(pk__in=[fallen.pk, early.pk]).exists()
    owner = contoso.administrators.get(role=Role.OWNER)
    invited = invite(contoso, fallen.account.email, Role.AUDITOR, by=owner)
    token = new_token(invited)
    assert accept(token, fallen.account) in contoso.administrators.active()
    assert Invitation.objects.filter(accepted_at__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("write", "ends"),
    [
        ("the directory's PUT", True),
        ("the directory's PATCH of something else", False),
        ("the directory's PATCH of the address", True),
    ],
)
def test_a_typed_address_counts_once_the_directory_has_sent_it(
    contoso: Organization, write: str, ends: bool
) -> None:
    scim = Scim.of(factories.installed(contoso))
    olga = factories.administrator(contoso)
    helpdesk = factories.administrator(contoso, Role.HELPDESK).account
    by = Actor(ActorKind.ACCOUNT, helpdesk.email, str(helpdesk.pk))
    person = factories.person(contoso, "olga", work_email=olga.account.email, by=by)
    emails = [{"type": "work", "value": olga.account.email}]
    if write == "the directory's PUT":
        assert scim.put(person.pk, {"userName": "olga", "emails": emails}).status == 200
    elif write == "the directory's PATCH of something else":
        assert scim.patch(person.pk, op("Replace", "displayName", "Olga")).status == 200
    else:
        other = [{"type": "work", "value": "other@contoso.example"}]
        assert scim.patch(person.pk, op("Replace", "emails", other)).status == 200
        assert scim.patch(person.pk, op("Replace", "emails", emails)).status == 200

    assert scim.patch(person.pk, DISABLE).status == 200

    assert (olga not in contoso.administrators.active()) == ends


def test_the_directory_that_links_somebody_suspended_here_ends_their_console_access(
    contoso: Organization,
) -> None:
    scim = Scim.of(factories.installed(contoso))
    olga = factories.administrator(contoso)
    helpdesk = factories.administrator(contoso, Role.HELPDESK).account
    by = Actor(ActorKind.ACCOUNT, helpdesk.email, str(helpdesk.pk))
    person = factories.person(contoso, olga.account.email, by=by)
    leaving.suspend(person, by=by)
    assert olga in contoso.administrators.active()

    assert scim.create(olga.account.email, active=False).status == 201

    assert olga not in contoso.administrators.active()


def dialogs(contoso: Organization, by: Administrator, person: PrintUser) -> str:
    browser = factories.entered(by.account)
    url = reverse("console:person", kwargs={"organization": contoso.slug, "person": person.pk})
    return unescape(" ".join(browser.get(url).content.decode().split()))


def test_the_dialog_says_beforehand_what_becomes_of_console_access(contoso: Organization) -> None:
    owner = contoso.administrators.get()
    helpdesk = factories.administrator(contoso, Role.HELPDESK)
    olga = factories.administrator(contoso, who=factories.account("olga@contoso.example"))
    person = factories.person(contoso, "olga@contoso.example")

    stays = (
        "olga@contoso.example also administers this console (role: Owner) and keeps console access. "
        "Only an owner can remove it."
    )
    assert stays in dialogs(contoso, helpdesk, person)
    ends = "olga@contoso.example also administers this console (role: Owner). That access ends, too."
    assert ends in dialogs(contoso, owner, person)
    assert "You keep your own access." in dialogs(contoso, olga, person)
    alone = factories.person(contoso, owner.account.email)
    olga.end("owner", by="x", source="console")  # type: ignore[arg-type]
    assert "is the only owner of this console" in dialogs(contoso, helpdesk, alone)
    assert "administers this console" not in dialogs(contoso, helpdesk, factories.person(contoso))


def test_the_dialog_of_a_coming_back_says_that_owners_are_asked(contoso: Organization) -> None:
    olga = factories.administrator(contoso, who=factories.account("olga@contoso.example"))
    person = factories.person(contoso, "olga@contoso.example")
    leaving.suspend(person, by=factories.DIRECTORY)

    html = dialogs(contoso, factories.administrator(contoso, Role.HELPDESK), person)

    assert f"Console access for {olga.account} is not restored automatically" in html


def test_owners_decide_on_the_administrators_page_what_the_dashboard_asks(
    contoso: Organization, page: Page
) -> None:
    olga = factories.administrator(contoso, who=factories.account("olga@contoso.example"))
    person = factories.person(contoso, "olga@contoso.example")
    question = "olga@contoso.example can print again. Restore console access?"
    leaving.suspend(person, by=factories.DIRECTORY)
    assert question not in page("console:dashboard")
    leaving.reactivate(person, by=factories.DIRECTORY)

    assert question in page("console:dashboard")
    assert "Can print again. Restore console access?" in page("console:administrators")
    html = page("console:administrator", administrator=olga.pk)
    assert "Access ended by Entra through SCIM (person suspended)." in html
    assert "Restore access" in html
    assert "Don't restore" in html
    admin = factories.signed_in(contoso, Role.ADMIN)
    dashboard = admin.get(reverse("console:dashboard", kwargs={"organization": contoso.slug}))
    assert question not in dashboard.content.decode()


@pytest.mark.parametrize(
    ("button", "verb", "is_open"),
    [("restore", "administrator.restored", True), ("keep_ended", "administrator.access-not-restored", False)],
)
def test_an_owners_decision_is_done_and_audited(
    contoso: Organization, client: Client, button: str, verb: str, is_open: bool
) -> None:
    olga = factories.administrator(contoso)
    person = factories.person(contoso, olga.account.email)
    leaving.suspend(person, by=factories.DIRECTORY)
    leaving.reactivate(person, by=factories.DIRECTORY)

    where = {"organization": contoso.slug, "administrator": olga.pk}
    assert client.post(reverse(f"console:administrator_{button}", kwargs=where)).status_code == 302

    assert (olga in contoso.administrators.active()) == is_open
    assert AuditEvent.objects.filter(organization=contoso, verb=verb).count() == 1


def test_an_owner_keeps_the_access_of_somebody_who_left(
    contoso: Organization, client: Client, page: Page
) -> None:
    olga = factories.administrator(contoso, who=factories.account("olga@contoso.example"))
    hank = factories.administrator(contoso, Role.HELPDESK, who=factories.account("hank@contoso.example"))
    by = Actor(ActorKind.ACCOUNT, "hank@contoso.example", str(hank.account_id))
    leaving.block(factories.person(contoso, "olga@contoso.example"), by=by)
    left = "olga@contoso.example left but still has console access"
    assert left in page("console:dashboard")
    assert "hank@contoso.example ended print access for" in page(
        "console:administrator", administrator=olga.pk
    )

    where = {"organization": contoso.slug, "administrator": olga.pk}
    client.post(reverse("console:administrator_keep_access", kwargs=where))

    assert olga in contoso.administrators.active()
    assert left not in page("console:dashboard")
    assert AuditEvent.objects.filter(organization=contoso, verb="administrator.access-continued").count() == 1
