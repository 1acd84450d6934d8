"""Owners who left as people and still own the console."""

import pytest

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.deprovisioning.models import Trigger
from printmgmt.deprovisioning.owners import administrators_who_left
from printmgmt.organizations.administrators import end_access
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.people.models import PrintUser
from tests import factories

BY = factories.TESTER


@pytest.fixture
def owner(contoso: Organization) -> Administrator:
    return contoso.administrators.get()


@pytest.fixture
def ada(contoso: Organization, owner: Administrator) -> PrintUser:
    """The only owner, as a person who prints."""
    return factories.person(contoso, "ada", work_email=owner.account.email.upper())


def test_nobody_left(contoso: Organization, ada: PrintUser) -> None:
    factories.leaver(contoso)
    factories.leaver(factories.organization("Fabrikam"))

    assert administrators_who_left(contoso) == []


@pytest.mark.parametrize("trigger", Trigger)
def test_the_last_owner_left(
    contoso: Organization, owner: Administrator, ada: PrintUser, trigger: Trigger
) -> None:
    factories.leaver(contoso, trigger, who=ada)

    assert administrators_who_left(contoso) == [owner]
    leaving.restore(ada, by=BY)
    assert administrators_who_left(contoso) == []


def test_it_is_true_until_another_owner_ends_the_access(
    contoso: Organization, owner: Administrator, ada: PrintUser
) -> None:
    factories.leaver(contoso, who=ada)
    second = factories.administrator(contoso)
    assert administrators_who_left(contoso) == [owner]

    end_access(owner, by=second)

    assert administrators_who_left(contoso) == []


def test_who_is_here_under_the_same_address_did_not_leave(
    contoso: Organization, owner: Administrator, ada: PrintUser
) -> None:
    leaving.remove(ada, by=BY)

    again = factories.person(contoso, owner.account.email)

    assert administrators_who_left(contoso) == []
    leaving.suspend(again, by=BY)
    assert administrators_who_left(contoso) == [owner]


def test_a_row_that_was_merged_did_not_leave(contoso: Organization, ada: PrintUser) -> None:
    leaving.remove(ada, by=BY)
    merge_people(factories.person(contoso), ada, by=BY)

    assert administrators_who_left(contoso) == []
