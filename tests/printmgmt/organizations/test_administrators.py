"""Changing roles and ending access: only owners, and never the last one."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from printmgmt.organizations.administrators import (
    LastOwner,
    NotAnOwner,
    NothingToDecide,
    change_role,
    end_access,
    may_give,
    return_access,
)
from printmgmt.organizations.models import Administrator
from printmgmt.organizations.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Administrator:
    return factories.organization().administrators.get()


@pytest.mark.parametrize(
    ("giver", "given"),
    [
        (Role.OWNER, set(Role)),
        (Role.ADMIN, {Role.ADMIN, Role.HELPDESK, Role.AUDITOR}),
        (Role.HELPDESK, set()),
        (Role.AUDITOR, set()),
    ],
)
def test_only_owners_make_owners(giver: Role, given: set[Role]) -> None:
    assert {role for role in Role if may_give(giver, role)} == given


def test_role_changes_and_the_one_before_is_returned(owner: Administrator) -> None:
    ada = factories.administrator(owner.organization, Role.HELPDESK)

    assert change_role(ada, Role.OWNER, by=owner) == Role.HELPDESK
    ada.refresh_from_db()
    assert ada.role == Role.OWNER


def test_last_owner_keeps_role_and_access(owner: Administrator) -> None:
    with pytest.raises(LastOwner):
        change_role(owner, Role.ADMIN, by=owner)
    with pytest.raises(LastOwner):
        end_access(owner, by=owner)

    owner.refresh_from_db()
    assert (owner.role, owner.disabled_at) == (Role.OWNER, None)


def test_owner_whose_account_is_switched_off_does_not_count(owner: Administrator) -> None:
    second = factories.administrator(owner.organization)
    second.account.is_active = False
    second.account.save()

    with pytest.raises(LastOwner):
        end_access(owner, by=owner)


def test_one_of_two_owners_may_go(owner: Administrator) -> None:
    factories.administrator(owner.organization)

    end_access(owner, by=owner)

    assert not owner.organization.administrators.active().filter(pk=owner.pk).exists()


def test_who_owns_no_longer_changes_nothing(owner: Administrator) -> None:
    second = factories.administrator(owner.organization)
    victim = factories.administrator(owner.organization, Role.AUDITOR)
    end_access(second, by=owner)

    with pytest.raises(NotAnOwner):
        end_access(victim, by=second)
    with pytest.raises(NotAnOwner):
        change_role(victim, Role.OWNER, by=factories.administrator(owner.organization, Role.ADMIN))


def test_owner_of_another_organization_changes_nothing(owner: Administrator) -> None:
    stranger = factories.organization("Fabrikam").administrators.get()

    with pytest.raises(NotAnOwner):
        end_access(factories.administrator(owner.organization), by=stranger)


def test_access_that_ended_already_is_not_ended_in_another_name(owner: Administrator) -> None:
    ada = factories.administrator(owner.organization, Role.HELPDESK)
    second = factories.administrator(owner.organization)
    end_access(ada, by=owner)

    with pytest.raises(NothingToDecide):
        end_access(ada, by=second)

    ada.refresh_from_db()
    assert (ada.ended_how, ada.ended_by) == ("owner", owner.account.email)


def test_access_given_back_opens_again(owner: Administrator) -> None:
    ada = factories.administrator(owner.organization, Role.HELPDESK)
    end_access(ada, by=owner)

    return_access(ada, by=owner)

    assert owner.organization.administrators.active().filter(pk=ada.pk, role=Role.HELPDESK).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "leave",
    [
        lambda administrator: end_access(administrator, by=administrator),
        lambda administrator: change_role(administrator, Role.ADMIN, by=administrator),
    ],
)
def test_two_owners_leaving_at_once_leave_one(leave: Callable[[Administrator], object]) -> None:
    contoso = factories.organization()
    factories.administrator(contoso)
    barrier = threading.Barrier(2)
    refused = []

    def go(administrator: Administrator) -> None:
        try:
            barrier.wait(60)
            leave(administrator)
        except LastOwner:
            refused.append(administrator)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(owner,)) for owner in contoso.administrators.all()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(refused) == 1
    assert contoso.administrators.active().filter(role=Role.OWNER).count() == 1
