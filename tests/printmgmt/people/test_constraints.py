"""What the database itself refuses, and how we read its refusal on either one."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from printmgmt.organizations.models import Organization
from printmgmt.people.constraints import violates
from printmgmt.people.models import (
    Credential,
    Device,
    GroupMembership,
    GroupNesting,
    PersonState,
    PrintAlias,
    PrintGroup,
    PrintUser,
    ReviewItem,
    ReviewKind,
)
from printmgmt.people.states import derived_state, update_state
from tests import factories

NOW = timezone.now()
GONE = {"state": "removed", "removed_at": NOW}


def refused(write: Any) -> IntegrityError:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return error.value


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "active", "active": False},
        {"state": "active", "blocked_at": NOW},
        {"state": "active", "allowed_at": NOW},
        {"state": "active", "active": False, "allowed_at": NOW, "blocked_at": NOW},
        {"state": "suspended", "active": False, "allowed_at": NOW},
        {"state": "removed", "active": False, "removed_at": NOW, "allowed_at": NOW},
        {"state": "active", "removed_at": NOW},
        {"state": "suspended"},
        {"state": "suspended", "active": False, "removed_at": NOW},
        {"state": "removed"},
        {"state": "removed", "removed_at": NOW, "anonymised_at": NOW},
        {"state": "anonymised", "anonymised_at": NOW},
        {"state": "elsewhere"},
    ],
)
def test_state_follows_from_the_columns(columns: dict[str, Any], contoso: Organization) -> None:
    ada = factories.person(contoso)

    error = refused(lambda: PrintUser.objects.filter(pk=ada.pk).update(**columns))

    assert "person_state_follows" in str(error)


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({}, PersonState.ACTIVE),
        ({"active": False}, PersonState.SUSPENDED),
        ({"active": False, "allowed_at": NOW}, PersonState.ACTIVE),
        ({"blocked_at": NOW}, PersonState.SUSPENDED),
        ({"removed_at": NOW}, PersonState.REMOVED),
        ({"removed_at": NOW, "active": False}, PersonState.REMOVED),
        ({"removed_at": NOW, "anonymised_at": NOW}, PersonState.ANONYMISED),
    ],
)
def test_derived_state_is_one_the_database_takes(
    columns: dict[str, Any], state: PersonState, contoso: Organization
) -> None:
    ada = factories.person(contoso)
    for name, value in columns.items():
        setattr(ada, name, value)

    assert update_state(ada, NOW) is (state != PersonState.ACTIVE)
    assert derived_state(ada) == state
    ada.save()


def test_user_name_is_once_among_the_living(contoso: Organization) -> None:
    def ada(**columns: Any) -> PrintUser:
        return PrintUser.objects.create(organization=contoso, user_name="ada", user_name_key="ada", **columns)

    ada(**GONE)
    ada(**GONE)
    ada()

    assert violates(refused(ada), PrintUser, "person_user_name_once")
    assert violates(refused(lambda: ada(state="suspended", active=False)), PrintUser, "person_user_name_once")


def test_card_is_held_once_while_live(contoso: Organization) -> None:
    def card(key_id: str = "1", **columns: Any) -> Credential:
        return Credential.objects.create(
            organization=contoso,
            person=factories.person(contoso),
            kind="card",
            key_id=key_id,
            digest="d",
            **columns,
        )

    card(disabled_at=NOW)
    card(revoked_at=NOW)
    card(key_id="2")
    card()

    error = refused(card)
    assert violates(error, Credential, "card_held_once")
    assert not violates(error, Credential, "pin_once_a_person")


def test_pin_is_one_a_person_and_keeps_no_digits(contoso: Organization) -> None:
    ada = factories.person(contoso)

    def pin(digest: str, **columns: Any) -> Credential:
        return Credential.objects.create(
            organization=contoso, person=ada, kind="pin", key_id="1", digest=digest, **columns
        )

    pin("1", revoked_at=NOW)
    pin("2")

    assert violates(refused(lambda: pin("3")), Credential, "pin_once_a_person")
    assert "pin_keeps_no_digits" in str(refused(lambda: pin("4", revoked_at=NOW, last4="1234")))


def test_alias_ends_after_it_began(contoso: Organization) -> None:
    ada = factories.person(contoso)

    error = refused(lambda: PrintAlias.objects.update(valid_until=NOW - timedelta(days=9)))

    assert "alias_from_before_until" in str(error)
    assert ada.aliases.get().valid_until is None


def test_groups_members_and_nestings_are_once(contoso: Organization) -> None:
    def group(name: str) -> PrintGroup:
        return PrintGroup.objects.create(organization=contoso, display_name=name, display_name_key=name)

    staff, sales, ada = group("staff"), group("sales"), factories.person(contoso)
    GroupMembership.objects.create(group=staff, person=ada)
    GroupMembership.objects.create(group=staff, person=ada, source="add-on:1")
    GroupNesting.objects.create(parent=staff, child=sales)

    assert violates(refused(lambda: group("staff")), PrintGroup, "group_name_once")
    again = refused(lambda: GroupMembership.objects.create(group=staff, person=ada))
    assert violates(again, GroupMembership, "membership_once")
    nested = refused(lambda: GroupNesting.objects.create(parent=staff, child=sales))
    assert violates(nested, GroupNesting, "nesting_once")
    itself = refused(lambda: GroupNesting.objects.create(parent=staff, child=staff))
    assert "nesting_not_itself" in str(itself)


def test_device_token_is_once(contoso: Organization) -> None:
    ada = factories.person(contoso)

    def device() -> Device:
        return Device.objects.create(organization=contoso, person=ada, name="x", token_digest="d")

    device()

    assert "token_digest" in str(refused(device))


def test_question_is_open_once(contoso: Organization) -> None:
    def add_review(**columns: Any) -> ReviewItem:
        return ReviewItem.objects.create(
            organization=contoso, kind=ReviewKind.LINK, key="ada", source="console", **columns
        )

    add_review(state="refused")
    add_review()

    assert violates(refused(add_review), ReviewItem, "review_open_once")


def postgresql_error(constraint: str) -> IntegrityError:
    error = IntegrityError("duplicate key value violates unique constraint")
    error.__cause__ = Exception()
    error.__cause__.diag = SimpleNamespace(constraint_name=constraint)  # type: ignore[attr-defined]
    return error


def sqlite_error(*columns: str) -> IntegrityError:
    return IntegrityError("UNIQUE constraint failed: " + ", ".join(columns))


@pytest.mark.parametrize(
    ("model", "constraint", "columns"),
    [
        (
            PrintUser,
            "person_user_name_once",
            ("people_printuser.organization_id", "people_printuser.user_name_key"),
        ),
        (
            PrintGroup,
            "group_name_once",
            (
                "people_printgroup.organization_id",
                "people_printgroup.source",
                "people_printgroup.display_name_key",
            ),
        ),
        (Credential, "pin_once_a_person", ("people_credential.person_id",)),
    ],
)
def test_both_databases_wording_is_read(
    model: type[models.Model], constraint: str, columns: tuple[str, ...]
) -> None:
    assert violates(postgresql_error(constraint), model, constraint)
    assert not violates(postgresql_error(constraint + "_x"), model, constraint)
    assert violates(sqlite_error(*columns), model, constraint)
    assert not violates(sqlite_error(*columns, "people_printuser.id"), model, constraint)
    assert not violates(sqlite_error(columns[0] + "x"), model, constraint)
