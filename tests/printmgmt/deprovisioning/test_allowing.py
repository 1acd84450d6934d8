"""Allowed is ours, as blocked is: whom the directory holds disabled may print, its word stays."""

import pytest

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card
from printmgmt.people.identification import identify
from printmgmt.people.models import PersonState, PrintUser
from tests import factories
from tests.factories import DIRECTORY, TESTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def contoso() -> Organization:
    return factories.organization()


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    """Kept by a directory, which has just disabled her."""
    person = factories.person(contoso, "ada", by=DIRECTORY)
    set_card(person, "CARD-4711", by=TESTER)
    leaving.suspend(person, by=DIRECTORY)
    return person


@pytest.fixture
def allowed(ada: PrintUser) -> PrintUser:
    leaving.restore(ada, by=TESTER)
    return ada


def verbs(person: PrintUser) -> list[str]:
    events = AuditEvent.objects.filter(object_id=str(person.pk), verb__startswith="person.")
    return list(events.order_by("id").values_list("verb", flat=True))


def test_a_restore_of_whom_the_directory_holds_disabled_allows_them_here(
    ada: PrintUser, contoso: Organization
) -> None:
    leaving.restore(ada, by=TESTER)

    ada.refresh_from_db()
    assert (ada.state, ada.active) == (PersonState.ACTIVE, False)
    assert ada.allowed_at is not None
    assert identify(contoso, card="CARD-4711") == ada
    assert verbs(ada)[-1] == "person.allowed"


def test_a_restore_of_a_person_of_the_consoles_own_is_simply_active(contoso: Organization) -> None:
    grace = factories.person(contoso, "grace")
    leaving.suspend(grace, by=TESTER)

    leaving.restore(grace, by=TESTER)

    assert (grace.state, grace.active, grace.allowed_at) == (PersonState.ACTIVE, True, None)
    assert verbs(grace)[-1] == "person.restored"


def test_the_next_false_of_the_directory_ends_the_access_as_a_suspend_does(
    allowed: PrintUser, contoso: Organization
) -> None:
    run = leaving.suspend(allowed, by=DIRECTORY)

    assert run is not None
    assert run.trigger == "suspended"
    assert (allowed.state, allowed.active, allowed.allowed_at) == (PersonState.SUSPENDED, False, None)
    assert identify(contoso, card="CARD-4711") is None


def test_a_true_of_the_directory_makes_them_active_with_no_mark_left(allowed: PrintUser) -> None:
    epoch = allowed.epoch

    assert leaving.reactivate(allowed, by=DIRECTORY)

    assert (allowed.state, allowed.active, allowed.allowed_at) == (PersonState.ACTIVE, True, None)
    assert allowed.epoch == epoch


def test_a_block_takes_the_place_of_the_permission(allowed: PrintUser) -> None:
    leaving.block(allowed, by=TESTER)

    assert (allowed.state, allowed.allowed_at) == (PersonState.SUSPENDED, None)

    leaving.unblock(allowed, by=TESTER)

    assert (allowed.state, allowed.allowed_at) == (PersonState.SUSPENDED, None)


def test_the_permission_can_be_ended_here(allowed: PrintUser, contoso: Organization) -> None:
    run = leaving.disallow(allowed, by=TESTER)

    assert run is not None
    assert (allowed.state, allowed.active, allowed.allowed_at) == (PersonState.SUSPENDED, False, None)
    assert identify(contoso, card="CARD-4711") is None
    assert verbs(allowed)[-1] == "person.disallowed"


def test_what_is_not_allowed_cannot_be_ended(ada: PrintUser) -> None:
    version = ada.version

    assert leaving.disallow(ada, by=TESTER) is None

    ada.refresh_from_db()
    assert ada.version == version
    assert DeprovisionRun.objects.filter(person=ada).count() == 1


def test_a_removal_ends_the_permission_too(allowed: PrintUser) -> None:
    leaving.remove(allowed, by=TESTER)

    assert (allowed.state, allowed.allowed_at) == (PersonState.REMOVED, None)


def test_whom_the_console_removed_comes_back_as_the_directory_has_them(contoso: Organization) -> None:
    grace = factories.person(contoso, "grace", by=DIRECTORY)
    leaving.remove(grace, by=TESTER)

    leaving.restore(grace, by=TESTER)

    assert (grace.state, grace.active, grace.allowed_at) == (PersonState.ACTIVE, True, None)


def test_whom_the_directory_removed_is_allowed_here_not_active_there(contoso: Organization) -> None:
    """Its last word was that they are gone, which no restore of ours makes "active"."""
    grace = factories.person(contoso, "grace", by=DIRECTORY)
    leaving.remove(grace, by=DIRECTORY)

    leaving.restore(grace, by=TESTER)

    assert (grace.state, grace.active) == (PersonState.ACTIVE, False)
    assert grace.allowed_at is not None


def test_a_restore_of_a_blocked_leaver_of_the_directory_keeps_its_word(contoso: Organization) -> None:
    grace = factories.person(contoso, "grace", by=DIRECTORY)
    leaving.suspend(grace, by=DIRECTORY)
    leaving.block(grace, by=TESTER)
    leaving.remove(grace, by=TESTER)

    leaving.restore(grace, by=TESTER)

    assert (grace.state, grace.active, grace.blocked_at) == (PersonState.ACTIVE, False, None)
    assert grace.allowed_at is not None
