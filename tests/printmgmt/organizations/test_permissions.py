"""What each role may do, in words that cannot differ from what the views check."""

import pytest

from printmgmt.organizations.permissions import (
    ADMINISTER,
    LOOK,
    PERMISSIONS,
    REMOVE_PEOPLE,
    SUSPEND_PEOPLE,
    role_words,
)
from printmgmt.organizations.roles import Role


def test_removing_and_merging_people_is_not_the_help_desks() -> None:
    assert Role.HELPDESK in SUSPEND_PEOPLE
    assert set(REMOVE_PEOPLE) == {Role.OWNER, Role.ADMIN}


def test_only_owners_decide_about_administrators() -> None:
    assert set(ADMINISTER) == {Role.OWNER}


def test_an_owner_may_everything_and_everybody_may_look() -> None:
    assert all(Role.OWNER in permission for permission in PERMISSIONS)
    assert set(LOOK) == set(Role)


@pytest.mark.parametrize(
    ("role", "says", "says_not"),
    [
        (Role.OWNER, "Full access. Only owners: Invite owners", "Suspend"),
        (Role.ADMIN, "Everything the help desk can do. See the audit", "Suspend"),
        (Role.ADMIN, "Remove people, and merge", "Invite owners"),
        (Role.HELPDESK, "Suspend, block, unblock", "Remove people"),
        (Role.AUDITOR, "Can see everything, can change nothing.", "Suspend"),
    ],
)
def test_a_role_is_described_by_its_permissions(role: Role, says: str, says_not: str) -> None:
    words = role_words(role)

    assert says in words
    assert says_not not in words
