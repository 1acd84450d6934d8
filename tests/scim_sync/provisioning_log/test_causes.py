"""Why a call was refused and what to do: the most exact row wins, and none is without an answer."""

import pytest

from addons.models import Installation
from addons.services import configure
from printmgmt.people.credentials import set_card
from printmgmt.people.models import PrintUser
from scim_sync.models import Action, ProvisioningEvent, Result
from scim_sync.provisioning_log.causes import (
    BY_REASON,
    FAILED,
    OF_GROUPS,
    REFUSED,
    TABLE,
    cause_of,
    explain,
)
from scim_sync.provisioning_log.reasons import Reason
from scim_sync.provisioning_log.trouble import troubles_of
from tests import factories
from tests.scim_sync.client import DISABLE, PRINTMGMT, Scim, op


def test_the_most_exact_row_wins() -> None:
    assert cause_of(409, "uniqueness", "create") is TABLE[409, "uniqueness", Action.CREATE]
    assert cause_of(409, "uniqueness", "update") is TABLE[409, "uniqueness", None]
    assert cause_of(403, "", "create") is TABLE[403, None, Action.CREATE]
    assert cause_of(404, "", "update") is TABLE[404, None, None]


@pytest.mark.parametrize(("status", "cause"), [(500, FAILED), (503, FAILED), (418, REFUSED)])
def test_what_no_row_knows_has_an_answer_too(status: int, cause: object) -> None:
    assert cause_of(status, "", "update") is cause


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_explained(reason: Reason) -> None:
    refused = ProvisioningEvent(action=Action.SIGN_IN, result=Result.REFUSED, status=401, reasons=[reason])
    warned = ProvisioningEvent(action=Action.UPDATE, result=Result.WARNING, status=200, reasons=[reason])

    assert explain(refused) == explain(warned) == [BY_REASON[reason]]


def test_a_reason_of_another_version_is_passed_over() -> None:
    warned = ProvisioningEvent(action=Action.UPDATE, result=Result.WARNING, status=200, reasons=["later"])
    refused = ProvisioningEvent(action=Action.UPDATE, result=Result.REFUSED, status=404, reasons=["later"])

    assert explain(warned) == []
    assert explain(refused) == [TABLE[404, None, None]]


def test_what_was_done_needs_no_cause() -> None:
    assert explain(ProvisioningEvent(action=Action.UPDATE, result=Result.OK, status=200)) == []


def test_a_refused_group_is_not_explained_with_user_names(scim: Scim, installation: Installation) -> None:
    scim.create_group("Staff")
    scim.create_group("STAFF")

    event = ProvisioningEvent.objects.get(result=Result.REFUSED)

    assert explain(event) == [OF_GROUPS[409, "uniqueness", None]]
    [trouble] = troubles_of(installation)
    assert (trouble.cause, trouble.times) == (OF_GROUPS[409, "uniqueness", None], 1)


def test_a_group_without_a_row_of_its_own_is_explained_like_a_person() -> None:
    assert cause_of(413, "", "update", of_group=True) is TABLE[413, None, None]


def newest() -> ProvisioningEvent:
    return ProvisioningEvent.objects.latest("id")


def test_who_is_linked_already_is_nothing_for_the_review_queue(
    scim: Scim, alice: PrintUser, bob: PrintUser, installation: Installation
) -> None:
    scim.create("alice@contoso.com")
    [linked] = explain(newest())
    scim.patch(alice.pk, op("Replace", "userName", "bob@contoso.com"))
    [renamed] = explain(newest())
    configure(installation, {"linking": "review"}, by=factories.TESTER)
    scim.create("bob@contoso.com")
    [known] = explain(newest())

    assert linked is BY_REASON[Reason.LINKED_ALREADY]
    assert renamed is BY_REASON[Reason.NAME_TAKEN]
    assert known is TABLE[409, "uniqueness", Action.CREATE]
    assert [cause.in_queue for cause in (linked, renamed, known)] == [False, False, True]
    assert {trouble.cause for trouble in troubles_of(installation)} == {linked, renamed, known}


def test_a_warning_is_explained_by_each_of_its_reasons(scim: Scim, alice: PrintUser, bob: PrintUser) -> None:
    set_card(bob, "CARD-4711", by=factories.TESTER)
    card, pin = f"{PRINTMGMT}:cardNumber", f"{PRINTMGMT}:pin"

    scim.patch(alice.pk, op("Add", card, "CARD-4711"), op("Add", pin, " "))
    two = explain(newest())
    scim.patch(alice.pk, DISABLE, op("Add", card, "CARD-0815"), op("Add", pin, "13795"))
    one = explain(newest())

    assert two == [BY_REASON[Reason.CARD_HELD], BY_REASON[Reason.BLANK]]
    assert one == [BY_REASON[Reason.NOT_ACTIVE]]


def test_members_left_out_are_explained(scim: Scim, installation: Installation) -> None:
    configure(installation, {"unknown_members": "ignore"}, by=factories.TESTER)
    scim.create_group("Staff", "00000000-0000-4000-8000-000000000001")

    assert explain(newest()) == [BY_REASON[Reason.UNKNOWN_MEMBERS]]
