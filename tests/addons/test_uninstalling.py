"""Uninstalling with many people: access to the add-on ends at once, the people's in turns, whatever dies."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from addons import uninstalling
from addons.disposition import Disposition
from addons.models import Installation, InstallationState, Uninstallation
from addons.services import uninstall
from addons.uninstalling import UNINSTALLING, sweep
from addons.uninstalling import carry_on as carry_out
from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.celery import app
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.mail.models import Mail, MailState
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import (
    CONSOLE,
    GroupMembership,
    GroupNesting,
    PersonState,
    PrintAlias,
    PrintGroup,
    PrintUser,
)
from printmgmt.services.process import wait_until
from printmgmt.work import nudges
from printmgmt.work.sweeps import sweep_names
from tests import factories
from tests.conftest import Worker
from tests.due import outbox
from tests.scim_sync.client import Scim

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes more than five seconds for what a call does."""
    monkeypatch.setattr(uninstalling, "BUDGET", 600.0)


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    return factories.installed(contoso)


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than two people wait for a worker, which takes them by twos."""
    monkeypatch.setattr(uninstalling, "AT_ONCE", 2)
    monkeypatch.setattr(uninstalling, "CHUNK", 2)


def people_of_addon(installation: Installation, number: int) -> list[PrintUser]:
    people = [factories.person(installation.organization) for _n in range(number)]
    PrintUser.objects.filter(pk__in=[person.pk for person in people]).update(source=installation.source)
    PrintAlias.objects.filter(person__in=people).update(source=installation.source)
    return people


def state_of(people: list[PrintUser]) -> list[str]:
    rows = PrintUser.objects.filter(pk__in=[person.pk for person in people]).order_by("created_at")
    return list(rows.values_list("state", flat=True))


def interrupted(monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
    """The worker is killed when it has ended the access of so many."""
    real, done = leaving.suspend, []

    def suspend(person: PrintUser, **options: Any) -> DeprovisionRun | None:
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(person.pk)
        return real(person, **options)

    monkeypatch.setattr(leaving, "suspend", suspend)


def test_few_people_are_suspended_before_the_page_answers(
    installation: Installation, few_at_once: None
) -> None:
    people = people_of_addon(installation, 2)

    uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)

    assert state_of(people) == [PersonState.SUSPENDED] * 2
    order = Uninstallation.objects.get()
    assert (order.done, order.total) == (2, 2)
    assert order.ended_at
    sweep()
    assert outbox() == []


def test_of_many_the_installation_is_closed_at_once_and_a_worker_is_asked(
    installation: Installation,
    few_at_once: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scim = Scim.of(installation)
    people = people_of_addon(installation, 5)
    nudged: list[object] = []
    monkeypatch.setattr(nudges, "nudge", lambda _name, key: nudged.append(key))

    with django_capture_on_commit_callbacks(execute=True):
        uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)

    installation.refresh_from_db()
    assert installation.state == InstallationState.UNINSTALLED
    assert scim.get("/Users").status == 401
    assert set(nudged) == {installation.pk}
    assert state_of(people) == [PersonState.ACTIVE] * 5


@pytest.mark.parametrize(
    ("people", "state"),
    [(Disposition.SUSPEND, PersonState.SUSPENDED), (Disposition.REMOVE, PersonState.REMOVED)],
)
def test_a_worker_ends_everybodys_access_in_the_name_of_who_chose(
    installation: Installation, few_at_once: None, people: Disposition, state: PersonState
) -> None:
    synced, own = people_of_addon(installation, 5), factories.person(installation.organization)
    stranger = people_of_addon(factories.installed(factories.organization("Fabrikam")), 1)
    uninstall(installation, people, by=factories.TESTER)

    carry_out(str(installation.pk))

    assert state_of(synced) == [state] * 5
    assert state_of([own, *stranger]) == [PersonState.ACTIVE] * 2
    assert set(DeprovisionRun.objects.values_list("caused_by", flat=True)) == {factories.TESTER.label}
    assert set(PrintUser.objects.filter(pk__in=[p.pk for p in synced]).values_list("source", flat=True)) == {
        CONSOLE
    }


def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on(
    installation: Installation, few_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = people_of_addon(installation, 7)
    uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)
    with monkeypatch.context() as dying:
        interrupted(dying, after=5)
        with pytest.raises(KeyboardInterrupt):
            carry_out(str(installation.pk))

    # Its third transaction was not committed.
    assert Uninstallation.objects.get().done == 4
    assert sorted(state_of(people)) == [PersonState.ACTIVE] * 3 + [PersonState.SUSPENDED] * 4

    sweep()

    assert state_of(people) == [PersonState.SUSPENDED] * 7
    assert DeprovisionRun.objects.count() == 7
    assert Uninstallation.objects.get().done == 7


def test_what_is_done_is_done_once(installation: Installation, few_at_once: None) -> None:
    people_of_addon(installation, 3)
    uninstall(installation, Disposition.REMOVE, by=factories.TESTER)

    for _n in range(2):
        carry_out(str(installation.pk))
        sweep()

    assert DeprovisionRun.objects.count() == 3
    assert Uninstallation.objects.get().done == 3


def test_one_person_who_cannot_be_suspended_keeps_nobody_elses_access(
    installation: Installation, few_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = people_of_addon(installation, 5)
    real = leaving.suspend

    def suspend(person: PrintUser, **options: Any) -> DeprovisionRun | None:
        if person == people[1]:
            raise ValueError("a bug")
        return real(person, **options)

    uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)
    with monkeypatch.context() as broken:
        broken.setattr(leaving, "suspend", suspend)
        carry_out(str(installation.pk))

    assert state_of(people).count(PersonState.ACTIVE) == 1
    assert Uninstallation.objects.get().ended_at is None

    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        sweep()

    assert state_of(people) == [PersonState.SUSPENDED] * 5
    assert Uninstallation.objects.get().ended_at is not None


@pytest.fixture
def stubborn(monkeypatch: pytest.MonkeyPatch) -> list[PrintUser]:
    """Ending the access of people in this list fails; each try is counted by a row of theirs more in it."""
    tried: list[PrintUser] = []
    real = leaving.suspend

    def suspend(person: PrintUser, **options: Any) -> DeprovisionRun | None:
        if person in tried:
            tried.append(person)
            raise ValueError("a bug")
        return real(person, **options)

    monkeypatch.setattr(leaving, "suspend", suspend)
    return tried


def test_a_person_who_fails_is_retried_later_and_later_and_not_before(
    installation: Installation, few_at_once: None, stubborn: list[PrintUser]
) -> None:
    people = people_of_addon(installation, 5)
    stubborn.append(people[1])
    uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)

    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _round in range(3):
            tries = len(stubborn)
            sweep()
            sweep()  # at once again: nobody is tried
            assert len(stubborn) == tries + 1
            due_at = Uninstallation.objects.get().due_at
            waits.append(due_at - timezone.now())
            clock.move_to(due_at)

    assert timedelta(seconds=5) < waits[0] < waits[1] < waits[2]
    assert state_of(people).count(PersonState.SUSPENDED) == 4


def test_a_person_who_fails_for_good_is_left_to_the_administrators_and_the_rest_is_done(
    contoso: Organization, installation: Installation, few_at_once: None, stubborn: list[PrintUser]
) -> None:
    people = people_of_addon(installation, 5)
    stubborn.append(people[1])
    uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)
    client, stranger = factories.signed_in(contoso), factories.signed_in(factories.organization("Fabrikam"))

    def dashboard(of: Client) -> str:
        return of.get("/", follow=True).content.decode()

    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _round in range(uninstalling.ATTEMPTS):
            assert "still has access" not in dashboard(client)
            sweep()
            clock.move_to(Uninstallation.objects.get().due_at)

    order = Uninstallation.objects.get()
    assert (order.ended_at is not None, order.done, order.total) == (True, 4, 5)
    people[1].refresh_from_db()
    assert people[1].source == CONSOLE  # so that the console offers to suspend them
    assert "Access could not be ended for 1 person." in outbox()[0].body
    html = dashboard(client)
    assert f"{people[1]} still has access" in html
    assert reverse("console:person", kwargs={"organization": contoso.slug, "person": people[1].pk}) in html
    assert "still has access" not in dashboard(stranger)

    leaving.block(people[1], by=factories.TESTER)
    assert "still has access" not in dashboard(client)


def test_people_who_came_after_the_end_are_found_and_ended_too(
    installation: Installation, few_at_once: None
) -> None:
    uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)
    [late] = people_of_addon(installation, 1)
    group = PrintGroup.objects.create(
        organization=installation.organization,
        display_name="late",
        display_name_key="late",
        source=installation.source,
    )

    for hours in (1, 2):
        with time_machine.travel(timezone.now() + timedelta(hours=hours, minutes=1)):
            sweep()

    assert state_of([late]) == [PersonState.SUSPENDED]
    group.refresh_from_db()
    assert group.source == CONSOLE
    assert Uninstallation.objects.get().ended_at is not None


def test_a_worker_goes_home_after_a_while_and_asks_for_the_next(
    installation: Installation, few_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_of_addon(installation, 5)
    uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)
    nudged: list[object] = []
    monkeypatch.setattr(uninstalling, "nudge", lambda _name, key: nudged.append(key))
    monkeypatch.setattr(uninstalling, "BUDGET", 0.0)

    carry_out(str(installation.pk))

    assert nudged == [str(installation.pk)]


def test_people_whom_a_new_installation_took_over_stay(
    contoso: Organization, installation: Installation, few_at_once: None
) -> None:
    taken, *others = people_of_addon(installation, 4)
    uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)
    Scim.of(factories.installed(contoso)).create(taken.user_name)

    carry_out(str(installation.pk))

    assert state_of([taken]) == [PersonState.ACTIVE]
    assert state_of(others) == [PersonState.SUSPENDED] * 3
    assert Uninstallation.objects.get().ended_at is not None


def test_administrators_are_notified_once_when_it_is_done(
    installation: Installation, few_at_once: None
) -> None:
    people_of_addon(installation, 3)
    uninstall(installation, Disposition.REMOVE, by=factories.TESTER)

    for _round in range(3):
        sweep()

    assert [sent.subject for sent in outbox()] == ["Contoso: Microsoft Azure AD User Sync was uninstalled"]
    assert "Access ended for the 3 people it added, who are now removed." in outbox()[0].body


def test_a_group_the_directory_deleted_before_opens_no_order_again(installation: Installation) -> None:
    scim = Scim.of(installation)
    scim.delete_group(scim.create_group("Staff").id)
    uninstall(installation, Disposition.KEEP, by=factories.TESTER)

    with time_machine.travel(timezone.now() + uninstalling.LOOK_AGAIN + timedelta(minutes=1)):
        sweep()

    order = Uninstallation.objects.get()
    assert order.ended_at is not None
    assert PrintGroup.objects.get().source == installation.source  # who deleted it


def test_kept_people_are_the_consoles_own_at_once_however_many(
    installation: Installation, few_at_once: None
) -> None:
    people = people_of_addon(installation, 5)

    uninstall(installation, Disposition.KEEP, by=factories.TESTER)

    assert state_of(people) == [PersonState.ACTIVE] * 5
    assert not PrintUser.objects.filter(source=installation.source).exists()
    assert Uninstallation.objects.get().ended_at is not None


@pytest.mark.parametrize(
    ("people", "state", "active"),
    [
        (Disposition.KEEP, PersonState.ACTIVE, True),
        (Disposition.SUSPEND, PersonState.SUSPENDED, False),
        (Disposition.REMOVE, PersonState.REMOVED, False),
    ],
)
def test_whom_the_console_allowed_against_the_directory_carries_no_mark_once_it_is_gone(
    installation: Installation, people: Disposition, state: str, active: bool
) -> None:
    [allowed] = people_of_addon(installation, 1)
    allowed.refresh_from_db()
    leaving.suspend(allowed, by=factories.TESTER)
    leaving.restore(allowed, by=factories.TESTER)
    version = allowed.version

    uninstall(installation, people, by=factories.TESTER)

    allowed.refresh_from_db()
    assert (allowed.state, allowed.active, allowed.allowed_at) == (state, active, None)
    assert allowed.version > version


def test_groups_and_who_is_in_them_become_the_consoles(
    contoso: Organization, installation: Installation
) -> None:
    ada, bob = people_of_addon(installation, 2)
    outer, inner = (
        PrintGroup.objects.create(
            organization=contoso, display_name=name, display_name_key=name, source=installation.source
        )
        for name in ("outer", "inner")
    )
    GroupNesting.objects.create(parent=outer, child=inner, source=installation.source)
    for person, source in ((ada, installation.source), (ada, CONSOLE), (bob, installation.source)):
        GroupMembership.objects.create(group=inner, person=person, source=source)

    uninstall(installation, Disposition.KEEP, by=factories.TESTER)

    for owned in (PrintAlias, PrintGroup, GroupNesting, GroupMembership):
        assert set(owned.objects.values_list("source", flat=True)) == {CONSOLE}  # type: ignore[attr-defined]
    assert set(inner.memberships.values_list("person", flat=True)) == {ada.pk, bob.pk}
    assert inner.memberships.count() == 2


def test_everybody_sees_how_far_it_is(
    contoso: Organization, installation: Installation, few_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_of_addon(installation, 5)
    uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)
    client, stranger = factories.signed_in(contoso), factories.signed_in(factories.organization("Fabrikam"))
    with monkeypatch.context() as dying:
        interrupted(dying, after=3)
        with pytest.raises(KeyboardInterrupt):
            carry_out(str(installation.pk))

    def catalogue(of: Client) -> str:
        organization = of.get("/", follow=True).context["organization"]
        address = reverse("addons:catalogue", kwargs={"organization": organization.slug})
        return of.get(address).content.decode()

    assert "2 of 5 so far" in " ".join(catalogue(client).split())
    assert "so far" not in catalogue(stranger)
    sweep()
    assert "so far" not in catalogue(client)


def test_it_goes_on_by_the_clock_and_without_it() -> None:
    app.loader.import_default_modules()

    assert app.conf.beat_schedule[f"sweep {UNINSTALLING}"]["args"] == [UNINSTALLING]
    assert UNINSTALLING in sweep_names()


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_suspends_what_the_request_did_not(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uninstalling, "AT_ONCE", 2)
    installation = factories.installed(factories.organization("Contoso"))
    people = people_of_addon(installation, 120)

    uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)

    ended: Callable[[], bool] = Uninstallation.objects.filter(ended_at__isnull=False).exists
    assert wait_until(ended, timeout=120), worker.text()
    assert state_of(people) == [PersonState.SUSPENDED] * 120
    assert Uninstallation.objects.get().done == 120
    assert DeprovisionRun.objects.count() == 120


@pytest.mark.parametrize(("role", "ends"), [(Role.OWNER, True), (Role.ADMIN, False)])
@pytest.mark.parametrize("people", [Disposition.SUSPEND, Disposition.REMOVE])
def test_the_order_keeps_whether_it_ends_console_access_until_a_worker_carries_it_out(
    installation: Installation, few_at_once: None, people: Disposition, role: Role, ends: bool
) -> None:
    contoso = installation.organization
    orderer = factories.administrator(contoso, role)
    olga = factories.administrator(contoso)
    people_of_addon(installation, 3)
    person = factories.person(contoso, olga.account.email)
    PrintUser.objects.filter(pk=person.pk).update(source=installation.source)

    by = Actor(ActorKind.ACCOUNT, orderer.account.email, str(orderer.account_id))
    uninstall(installation, people, by=by)
    # What counts is who could when it was ordered.
    Administrator.objects.filter(pk=orderer.pk).update(role=Role.AUDITOR if ends else Role.OWNER)
    sweep()

    person.refresh_from_db()
    assert person.is_gone
    assert Uninstallation.objects.get().ends_console_access == ends
    assert (olga in contoso.administrators.active()) != ends
    olga.refresh_from_db()
    assert (olga.kept_by_run is None) == ends


def test_the_page_says_beforehand_what_becomes_of_administrators_among_the_people(
    installation: Installation,
) -> None:
    contoso = installation.organization
    olga = factories.administrator(contoso, who=factories.account("olga@contoso.example"))
    person = factories.person(contoso, olga.account.email)
    PrintUser.objects.filter(pk=person.pk).update(source=installation.source)
    other = factories.administrator(contoso, who=factories.account("pia@contoso.example"))
    factories.person(contoso, other.account.email)

    def page(role: Role) -> str:
        answer = factories.signed_in(contoso, role).get(factories.page_of(contoso, "addons:uninstall"))
        return answer.content.decode()

    assert (
        "also administers this console (role: Owner) and keeps console access. Only an owner can remove it."
        in page(Role.ADMIN)
    )
    assert "olga@contoso.example also administers this console (role: Owner). That access ends" in page(
        Role.OWNER
    )
    assert "pia@" not in page(Role.OWNER)


def test_a_mail_that_cannot_be_written_keeps_no_other_from_being_sent(
    contoso: Organization, few_at_once: None
) -> None:
    for of in (factories.organization("Fabrikam"), contoso):
        installation = factories.installed(of)
        people_of_addon(installation, 3)
        uninstall(installation, Disposition.SUSPEND, by=factories.TESTER)
    Installation.objects.filter(organization__name="Fabrikam").update(slug="no/address")

    sweep()

    assert [sent.subject.partition(":")[0] for sent in outbox()] == ["Contoso"]
    waiting = Mail.objects.get(state=MailState.WAITING)
    assert waiting.organization == Organization.objects.get(name="Fabrikam").pk
