"""What the directory sees of two rows that were made one."""

import pytest

from printmgmt.deprovisioning.merging import merge_people
from printmgmt.people import credentials
from printmgmt.people.exceptions import MergeRefused
from printmgmt.people.identification import identify
from printmgmt.people.models import PrintUser, ReviewAnswer, ReviewItem, ReviewState
from tests import factories
from tests.factories import TESTER
from tests.scim_sync.client import PRINTMGMT, Scim, op

pytestmark = pytest.mark.django_db


def test_the_one_who_stays_keeps_its_id_and_shows_the_names_of_both(
    scim: Scim, alice: PrintUser, bob: PrintUser
) -> None:
    before = scim.user(alice.pk)

    merge_people(alice, bob, by=TESTER)

    after = scim.user(alice.pk)
    assert after.body[PRINTMGMT]["printAliases"] == ["bob@contoso.com"]
    assert after.body["meta"]["version"] != before.body["meta"]["version"]
    assert scim.user(bob.pk).status == 404


def test_whom_the_directory_keeps_becomes_nobodys_past(alice: PrintUser, bob: PrintUser) -> None:
    with pytest.raises(MergeRefused, match="Alice Adams is managed by a directory"):
        merge_people(bob, alice, by=TESTER)


def test_a_post_of_the_name_never_brings_the_merged_row_back(
    scim: Scim, alice: PrintUser, bob: PrintUser
) -> None:
    merge_people(alice, bob, by=TESTER)

    answer = scim.create("bob@contoso.com")

    assert answer.status == 201
    assert answer.id not in (str(alice.pk), str(bob.pk))
    assert not ReviewItem.objects.exists()


def test_a_rehire_made_one_with_the_leaver_prints_with_the_old_card_and_stays_in_step(
    scim: Scim, alice: PrintUser
) -> None:
    credentials.set_card(alice, "CARD-4711", by=TESTER)
    scim.delete(alice.pk)
    twin = factories.person(alice.organization, "alice@contoso.com")
    factories.leaver(alice.organization, factories.Trigger.REMOVED, who=twin)
    new = PrintUser.objects.get(pk=scim.create("alice@contoso.com").id)

    for left in (alice, twin):
        merge_people(new, left, by=TESTER)

    assert ReviewItem.objects.get().state == ReviewState.APPROVED
    assert identify(alice.organization, card="CARD-4711") == new
    assert scim.patch(new.pk, op("Replace", "title", "Countess")).status == 200
    scim.delete(new.pk)
    assert scim.create("alice@contoso.com").id == str(new.pk)  # and none of those who were merged


def test_the_card_the_directory_sent_in_vain_is_there_once_the_rows_are_one(
    scim: Scim, alice: PrintUser, bob: PrintUser
) -> None:
    credentials.set_card(bob, "CARD-4711", by=TESTER)
    scim.patch(alice.pk, op("Add", f"{PRINTMGMT}:cardNumber", "CARD-4711"))

    merge_people(alice, bob, by=TESTER)

    assert identify(alice.organization, card="CARD-4711") == alice
    assert ReviewItem.objects.get().answer == ReviewAnswer.CARD_THERE
