"""Whose leaving ends whose console access: the order decides, and only owners give it back (ADR 17)."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
import time_machine

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.deprovisioning.owners import administrators_who_left
from printmgmt.organizations.administrators import (
    NothingToDecide,
    NotOfOneself,
    decline_return,
    keep_access,
    return_access,
)
from printmgmt.organizations.leavers import waiting_for_return
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PrintUser
from tests import factories
from tests.due import outbox, perform_due

DIRECTORY = factories.DIRECTORY
LOWER = [Role.ADMIN, Role.HELPDESK]


def acting(administrator: Administrator, source: str = "console") -> Actor:
    account = administrator.account
    return Actor(ActorKind.ACCOUNT, account.email, str(account.pk), source)


@pytest.fixture
def hank(contoso: Organization) -> Actor:
    return acting(
        factories.administrator(contoso, Role.HELPDESK, who=factories.account("hank@contoso.example"))
    )


@pytest.fixture
def owner(contoso: Organization) -> Administrator:
    return contoso.administrators.get(role=Role.OWNER)


@pytest.fixture
def second(contoso: Organization, owner: Administrator) -> Administrator:
    """Another owner, so that nobody here is the last one."""
    return factories.administrator(contoso, who=factories.account("olga@contoso.example"))


@pytest.fixture
def olga(contoso: Organization, second: Administrator) -> PrintUser:
    """The second owner, as a person who prints."""
    return factories.person(contoso, "Olga@contoso.example", by=DIRECTORY)


def verbs_of(administrator: Administrator) -> list[str]:
    events = AuditEvent.objects.filter(object_type="administrator", object_id=str(administrator.pk))
    return [
        verb.removeprefix("administrator.") for verb in events.order_by("id").values_list("verb", flat=True)
    ]


def has_access(administrator: Administrator) -> bool:
    administrator.refresh_from_db()
    return administrator.disabled_at is None


@pytest.mark.parametrize("leave", [leaving.suspend, leaving.block, leaving.remove])
@pytest.mark.parametrize("role", LOWER)
def test_who_may_not_end_an_owners_access_ends_the_printing_only(
    contoso: Organization, second: Administrator, olga: PrintUser, role: Role, leave: object
) -> None:
    run = leave(olga, by=acting(factories.administrator(contoso, role)))  # type: ignore[operator]

    assert olga.is_gone
    assert not run.ends_console_access
    assert has_access(second)
    assert second.kept_by_run == run.pk
    assert verbs_of(second) == ["access-kept"]
    assert administrators_who_left(contoso) == [second]


@pytest.mark.parametrize("source", ["directory", "host", "command"])
def test_the_directory_and_the_host_end_console_access(
    second: Administrator, olga: PrintUser, owner: Administrator, source: str
) -> None:
    by = {"directory": DIRECTORY, "host": acting(owner, "host"), "command": factories.TESTER}[source]

    run = leaving.suspend(olga, by=by)

    assert run is not None
    assert run.ends_console_access
    assert not has_access(second)
    assert (second.ended_how, second.ended_by, second.disabled_by_run) == ("suspended", by.label, run.pk)
    assert administrators_who_left(olga.organization) == []


def test_an_owner_ends_another_owners_access_but_never_the_own_one(
    contoso: Organization, owner: Administrator, second: Administrator, olga: PrintUser
) -> None:
    leaving.block(olga, by=acting(second))
    assert has_access(second)
    assert administrators_who_left(contoso) == [second]

    leaving.block(olga, by=acting(owner))

    assert not has_access(second)
    assert second.ended_how == "blocked"
    assert second.ended_by == owner.account.email


def test_an_owner_of_another_organization_ends_nothing_here(
    contoso: Organization, second: Administrator, olga: PrintUser
) -> None:
    stranger = factories.organization("Fabrikam").administrators.get()

    leaving.suspend(olga, by=acting(stranger))

    assert has_access(second)


def test_an_owner_whose_access_has_ended_ends_nothing(
    contoso: Organization, second: Administrator, olga: PrintUser
) -> None:
    former = factories.administrator(contoso)
    leaving.suspend(factories.person(contoso, former.account.email), by=DIRECTORY)

    leaving.suspend(olga, by=acting(former))

    assert has_access(second)


@pytest.mark.parametrize("first", [leaving.suspend, leaving.block])
def test_the_directorys_word_counts_after_the_help_desk_was_faster(
    second: Administrator, olga: PrintUser, hank: Actor, first: object
) -> None:
    first(olga, by=hank)  # type: ignore[operator]
    assert has_access(second)

    leaving.suspend(olga, by=DIRECTORY)

    assert not has_access(second)
    assert second.kept_by_run is None
    assert second.ended_how == "suspended"
    assert olga.runs.get().ends_console_access
    assert verbs_of(second) == ["access-kept", "access-ended"]


def test_a_directory_that_brings_a_blocked_owner_back_ends_no_access(
    contoso: Organization, second: Administrator, olga: PrintUser, hank: Actor
) -> None:
    leaving.block(olga, by=hank)
    leaving.remove(olga, by=acting(factories.administrator(contoso, Role.ADMIN)))

    assert leaving.reattach(olga, by=DIRECTORY) is False

    assert has_access(second)


def test_an_address_typed_in_the_console_lets_no_directory_reach_an_owner(
    contoso: Organization, second: Administrator, hank: Actor
) -> None:
    bob = factories.person(contoso, "bob", work_email="OLGA@contoso.example", by=hank)

    leaving.suspend(bob, by=DIRECTORY)

    assert has_access(second)
    assert administrators_who_left(contoso) == [second]


def test_the_last_owner_keeps_access_no_matter_who_orders(
    contoso: Organization, owner: Administrator, hank: Actor
) -> None:
    ada = factories.person(contoso, owner.account.email, by=DIRECTORY)
    leaving.block(ada, by=hank)
    assert verbs_of(owner) == ["access-kept"]

    leaving.suspend(ada, by=DIRECTORY)

    assert has_access(owner)
    assert verbs_of(owner) == ["access-kept", "last-owner-left"]


def test_owners_are_notified_once_whose_access_a_leaving_left(
    contoso: Organization, owner: Administrator, second: Administrator, olga: PrintUser, hank: Actor
) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, 3, tzinfo=UTC), tick=False):
        leaving.block(olga, by=hank)
    with time_machine.travel(datetime(2026, 3, 2, 9, 16, tzinfo=UTC), tick=False):
        perform_due()
        factories.leaver(contoso)
    with time_machine.travel(datetime(2026, 3, 2, 9, 31, tzinfo=UTC), tick=False):
        perform_due()

    first, later = outbox()
    assert first.to == sorted([owner.account.email, second.account.email])
    assert "olga@contoso.example left but still has console access. Role: Owner." in first.body
    assert f"/administrators/{second.pk}/" in first.body
    assert "olga@" not in later.body


@pytest.mark.parametrize("come_back", [leaving.restore, leaving.reactivate])
@pytest.mark.parametrize("by", [DIRECTORY, factories.TESTER])
def test_coming_back_gives_nothing_back_and_asks_the_owners(
    contoso: Organization, second: Administrator, olga: PrintUser, come_back: object, by: Actor
) -> None:
    leaving.suspend(olga, by=DIRECTORY)

    come_back(olga, by=by)  # type: ignore[operator]

    assert not olga.is_gone
    assert not has_access(second)
    assert list(waiting_for_return(contoso)) == [second]
    assert verbs_of(second) == ["access-ended", "return-pending"]


def test_lifting_a_block_asks_the_owners_too(
    contoso: Organization, owner: Administrator, second: Administrator, olga: PrintUser, hank: Actor
) -> None:
    leaving.block(olga, by=acting(owner))

    leaving.unblock(olga, by=hank)

    assert not has_access(second)
    assert list(waiting_for_return(contoso)) == [second]


def test_reattaching_and_merging_ask_the_owners_too(
    contoso: Organization, second: Administrator, olga: PrintUser
) -> None:
    leaving.remove(olga, by=DIRECTORY)
    leaving.reattach(olga, by=DIRECTORY)
    assert list(waiting_for_return(contoso)) == [second]

    leaving.remove(olga, by=DIRECTORY)
    assert list(waiting_for_return(contoso)) == []
    merge_people(factories.person(contoso), olga, by=factories.TESTER)

    assert not has_access(second)
    assert list(waiting_for_return(contoso)) == [second]


def test_coming_back_after_the_grace_period_asks_as_well(
    contoso: Organization, second: Administrator, olga: PrintUser
) -> None:
    run = leaving.suspend(olga, by=DIRECTORY)
    assert run is not None
    DeprovisionRun.objects.filter(pk=run.pk).update(cut_at=datetime(2020, 1, 1, tzinfo=UTC))

    leaving.reactivate(olga, by=DIRECTORY)

    assert list(waiting_for_return(contoso)) == [second]


def test_who_is_back_where_access_was_kept_leaves_nothing_to_decide(
    contoso: Organization, second: Administrator, olga: PrintUser, hank: Actor
) -> None:
    leaving.block(olga, by=hank)

    leaving.unblock(olga, by=hank)

    assert has_access(second)
    assert second.kept_by_run is None
    assert list(waiting_for_return(contoso)) == []


def test_only_an_owners_word_gives_back_or_keeps_ended(
    contoso: Organization, owner: Administrator, second: Administrator, olga: PrintUser
) -> None:
    leaving.suspend(olga, by=DIRECTORY)
    leaving.reactivate(olga, by=DIRECTORY)

    decline_return(second, by=owner)

    assert not has_access(second)
    assert list(waiting_for_return(contoso)) == []
    leaving.suspend(olga, by=DIRECTORY)
    leaving.reactivate(olga, by=DIRECTORY)
    assert list(waiting_for_return(contoso)) == []
    return_access(second, by=owner)
    assert has_access(second)
    assert (second.ended_how, second.ended_by, second.return_pending_since) == ("", "", None)
    with pytest.raises(NothingToDecide):
        return_access(second, by=owner)
    with pytest.raises(NothingToDecide):
        decline_return(second, by=owner)


def test_an_owner_lets_somebody_who_left_go_on_administering_but_not_oneself(
    contoso: Organization, owner: Administrator, second: Administrator, olga: PrintUser, hank: Actor
) -> None:
    leaving.block(olga, by=hank)
    with pytest.raises(NotOfOneself):
        keep_access(second, by=second)

    keep_access(second, by=owner)

    assert has_access(second)
    assert administrators_who_left(contoso) == []
    with pytest.raises(NothingToDecide):
        keep_access(second, by=owner)


def test_a_stored_order_keeps_what_it_decided(second: Administrator, olga: PrintUser, hank: Actor) -> None:
    first = leaving.suspend(olga, by=Actor(ActorKind.SYSTEM, "sweep", ends_console_access=False))
    assert first is not None
    assert has_access(second)

    later = leaving.remove(olga, by=Actor(ActorKind.ACCOUNT, hank.label, hank.id, ends_console_access=True))

    assert not has_access(second)
    assert isinstance(later.pk, UUID)
    assert (second.disabled_by_run, second.ended_how) == (later.pk, "removed")
