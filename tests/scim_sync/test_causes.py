"""Why a call was refused and what to do: the most exact row wins, and none is without an answer."""

import pytest

from addons.models import Installation
from scim_sync.causes import DOOR, FAILED, OF_GROUPS, REFUSED, TABLE, cause_of, explain
from scim_sync.exceptions import Refusal
from scim_sync.models import Action, ProvisioningEvent, Result
from scim_sync.trouble import troubles_of
from tests.scim_sync.client import Scim


def test_the_most_exact_row_wins() -> None:
    assert cause_of(409, "uniqueness", "create") is TABLE[409, "uniqueness", Action.CREATE]
    assert cause_of(409, "uniqueness", "update") is TABLE[409, "uniqueness", None]
    assert cause_of(403, "", "create") is TABLE[403, None, Action.CREATE]
    assert cause_of(404, "", "update") is TABLE[404, None, None]


@pytest.mark.parametrize(("status", "cause"), [(500, FAILED), (503, FAILED), (418, REFUSED)])
def test_what_no_row_knows_has_an_answer_too(status: int, cause: object) -> None:
    assert cause_of(status, "", "update") is cause


@pytest.mark.parametrize("reason", Refusal)
def test_every_refusal_at_the_door_is_explained(reason: Refusal) -> None:
    event = ProvisioningEvent(action=Action.SIGN_IN, result=Result.REFUSED, status=401, cause=reason)

    found = explain(event)

    assert found is not None
    assert found.fix == DOOR[reason]


def test_what_was_done_needs_no_cause() -> None:
    assert explain(ProvisioningEvent(action=Action.UPDATE, result=Result.OK, status=200)) is None


def test_a_refused_group_is_not_explained_with_user_names(scim: Scim, installation: Installation) -> None:
    scim.create_group("Staff")
    scim.create_group("STAFF")

    event = ProvisioningEvent.objects.get(result=Result.REFUSED)

    assert explain(event) is OF_GROUPS[409, "uniqueness", None]
    [trouble] = troubles_of(installation)
    assert (trouble.cause, trouble.times) == (OF_GROUPS[409, "uniqueness", None], 1)


def test_a_group_without_a_row_of_its_own_is_explained_like_a_person() -> None:
    assert cause_of(413, "", "update", of_group=True) is TABLE[413, None, None]
