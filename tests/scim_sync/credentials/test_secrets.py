"""Cards and PINs by the `printmgmt` extension: taken, kept as hashes, never seen again."""

import pytest
from django.apps import apps

from printmgmt.organizations.models import Organization
from printmgmt.people import credentials
from printmgmt.people.identification import identify
from printmgmt.people.models import Credential, CredentialKind, PrintUser, ReviewItem, ReviewKind
from scim_sync.models import ProvisioningEvent, Result
from tests.factories import TESTER
from tests.scim_sync.client import DISABLE, ENABLE, PRINTMGMT, Scim, a_user, op

CARD, PIN = f"{PRINTMGMT}:cardNumber", f"{PRINTMGMT}:pin"
NUMBER, OTHER_NUMBER, SECRET = "CARD-31337-0815", "CARD-42424-2323", "pin-98765"


def credentials_of(person: PrintUser) -> int:
    return Credential.objects.filter(person=person, revoked_at__isnull=True).count()


@pytest.mark.parametrize(
    "operation",
    [
        op("Add", CARD, NUMBER),
        op("replace", "", {CARD: NUMBER}),
        op("replace", "", {PRINTMGMT: {"cardNumber": NUMBER}}),
        op("Replace", CARD.upper(), NUMBER),
    ],
)
def test_a_card_pushed_opens_the_printer(
    scim: Scim, alice: PrintUser, contoso: Organization, operation: dict[str, object]
) -> None:
    answer = scim.patch(alice.pk, operation)

    assert answer.status == 200
    assert PRINTMGMT not in answer.body
    assert identify(contoso, card=NUMBER) == alice


def test_a_new_person_may_bring_card_and_pin(scim: Scim, contoso: Organization) -> None:
    answer = scim.create("dave", **{PRINTMGMT: {"cardNumber": NUMBER, "pin": SECRET}})

    person = identify(contoso, card=NUMBER)
    assert person is not None
    assert str(person.pk) == answer.id
    assert identify(contoso, user_name="dave", pin=SECRET) == person


def test_the_same_number_again_changes_nothing(scim: Scim, alice: PrintUser) -> None:
    scim.patch(alice.pk, op("Add", CARD, NUMBER), op("Add", PIN, SECRET))
    before = list(Credential.objects.values())
    version = scim.user(alice.pk).body["meta"]

    answer = scim.patch(alice.pk, op("Add", CARD, NUMBER), op("Add", PIN, SECRET))

    assert list(Credential.objects.values()) == before
    assert answer.body["meta"] == version
    assert ProvisioningEvent.objects.latest("id").result == Result.UNCHANGED


@pytest.mark.parametrize(
    ("path", "values", "expected"),
    [
        (CARD, [NUMBER, OTHER_NUMBER], [(None, "…0815"), ("…0815", "…2323")]),
        (CARD, [NUMBER, None], [(None, "…0815"), ("…0815", None)]),
        (PIN, [SECRET, "13795"], [(None, "•••"), ("•••", "•••")]),
        (PIN, [SECRET, None], [(None, "•••"), ("•••", None)]),
        (CARD, ["7"], [(None, "•••")]),
    ],
)
def test_the_log_tells_that_a_secret_changed_and_never_which(
    scim: Scim, alice: PrintUser, path: str, values: list[str | None], expected: list[tuple[str | None, ...]]
) -> None:
    for value in values:
        scim.patch(alice.pk, op("Replace", path, value))

    events = ProvisioningEvent.objects.filter(method="PATCH").order_by("id")
    assert [event.result for event in events] == [Result.OK] * len(values)
    assert [event.changes for event in events] == [
        [{"attribute": path, "old": old, "new": new}] for old, new in expected
    ]


def test_clearing_what_is_not_there_changes_nothing(scim: Scim, alice: PrintUser) -> None:
    scim.patch(alice.pk, op("Replace", CARD, None), op("Replace", PIN, None))

    assert ProvisioningEvent.objects.latest("id").result == Result.UNCHANGED


def test_the_path_of_a_masked_operation_can_be_read(scim: Scim, alice: PrintUser) -> None:
    scim.patch(alice.pk, op("Add", f'{CARD}[value eq "{NUMBER}"]', NUMBER), op("Add", PIN, SECRET))

    kept = ProvisioningEvent.objects.latest("id").body.request["Operations"]
    assert kept == [op("Add", CARD, "•••"), op("Add", PIN, "•••")]


def test_a_new_number_takes_the_place_of_the_old_one(
    scim: Scim, alice: PrintUser, contoso: Organization
) -> None:
    scim.patch(alice.pk, op("Add", CARD, NUMBER))

    scim.patch(alice.pk, op("Replace", CARD, OTHER_NUMBER))

    assert identify(contoso, card=NUMBER) is None
    assert identify(contoso, card=OTHER_NUMBER) == alice
    assert credentials_of(alice) == 1


@pytest.mark.parametrize("cleared", [op("Replace", CARD, None), op("Replace", CARD, ""), op("Remove", CARD)])
def test_null_takes_the_card_back(
    scim: Scim, alice: PrintUser, contoso: Organization, cleared: dict[str, object]
) -> None:
    scim.patch(alice.pk, op("Add", CARD, NUMBER))

    assert scim.patch(alice.pk, cleared).status == 200

    assert identify(contoso, card=NUMBER) is None
    assert credentials_of(alice) == 0


def test_what_the_directory_clears_is_only_its_own(
    scim: Scim, alice: PrintUser, contoso: Organization
) -> None:
    credentials.set_card(alice, OTHER_NUMBER, by=TESTER)
    scim.patch(alice.pk, op("Add", CARD, NUMBER))

    scim.patch(alice.pk, op("Replace", CARD, None))

    assert identify(contoso, card=OTHER_NUMBER) == alice


def test_put_without_a_card_leaves_it(scim: Scim, alice: PrintUser, contoso: Organization) -> None:
    scim.patch(alice.pk, op("Add", CARD, NUMBER))

    scim.put(alice.pk, a_user("alice@contoso.com"))

    assert identify(contoso, card=NUMBER) == alice


def test_a_card_held_by_someone_else_is_a_warning_and_a_question(
    scim: Scim, alice: PrintUser, bob: PrintUser, contoso: Organization
) -> None:
    credentials.set_card(bob, NUMBER, by=TESTER)

    answer = scim.patch(alice.pk, op("Add", CARD, NUMBER), op("Replace", "title", "Printer"))
    scim.patch(alice.pk, op("Add", CARD, NUMBER))

    assert (answer.status, answer.body["title"]) == (200, "Printer")
    assert identify(contoso, card=NUMBER) == bob
    event = ProvisioningEvent.objects.filter(result=Result.WARNING).first()
    assert event is not None
    assert "cardNumber" in event.detail
    item = ReviewItem.objects.get()
    assert (item.kind, item.person) == (ReviewKind.CARD_HELD, alice)
    assert item.details == {"last4": "0815", "holder": str(bob.pk)}


def test_a_card_of_another_organization_is_nobodys_business(
    scim: Scim, alice: PrintUser, charlie: PrintUser, fabrikam: Organization
) -> None:
    credentials.set_card(charlie, NUMBER, by=TESTER)

    scim.patch(alice.pk, op("Add", CARD, NUMBER))

    assert identify(alice.organization, card=NUMBER) == alice
    assert identify(fabrikam, card=NUMBER) == charlie
    assert not ReviewItem.objects.exists()


@pytest.mark.parametrize("value", ["  ", "\t"])
def test_a_blank_card_does_not_stop_a_deactivation(scim: Scim, alice: PrintUser, value: str) -> None:
    assert scim.patch(alice.pk, op("Add", CARD, value), op("Add", PIN, value)).status == 200
    assert scim.patch(alice.pk, op("Add", CARD, value), DISABLE).body["active"] is False
    assert set(ProvisioningEvent.objects.values_list("result", flat=True)) == {Result.OK, Result.WARNING}


def test_a_card_and_a_coming_back_in_one_patch(scim: Scim, alice: PrintUser, contoso: Organization) -> None:
    scim.patch(alice.pk, DISABLE)

    scim.patch(alice.pk, op("Add", CARD, NUMBER), ENABLE)

    assert identify(contoso, card=NUMBER) == alice


def test_a_card_for_someone_suspended_is_a_warning(scim: Scim, alice: PrintUser) -> None:
    answer = scim.patch(alice.pk, DISABLE, op("Add", CARD, NUMBER))

    assert (answer.status, answer.body["active"]) == (200, False)
    assert ProvisioningEvent.objects.latest("id").result == Result.WARNING
    assert credentials_of(alice) == 0


@pytest.mark.rfc("7643", "9.2")
@pytest.mark.rfc("7644", "7.5.2")
@pytest.mark.parametrize("path", [CARD, PIN])
def test_secrets_cannot_be_searched(scim: Scim, alice: PrintUser, path: str) -> None:
    scim.patch(alice.pk, op("Add", path, NUMBER))

    for expression in (f'{path} eq "{NUMBER}"', f"{path} pr", f'{path} sw "C"'):
        answer = scim.find(expression)
        assert answer.error == (400, "invalidFilter")
        assert NUMBER not in answer.body["detail"]


@pytest.mark.rfc("7643", "9.2")
def test_asking_for_a_secret_gives_nothing(scim: Scim, alice: PrintUser) -> None:
    scim.patch(alice.pk, op("Add", CARD, NUMBER))
    assert credentials_of(alice) == 1

    shown = scim.get(f"/Users/{alice.pk}?attributes={CARD},{PRINTMGMT}").body
    assert shown.keys() == {"schemas", "id"}


SPELLINGS = [
    {"op": "Add", "path": CARD, "value": NUMBER},
    {"OP": "add", "Path": f" {CARD} ", "VALUE": NUMBER},
    {"op": "add", "path": f'{CARD}[value eq "{NUMBER}"]', "value": NUMBER},
    {"op": "add", "value": {f"{CARD} ": NUMBER, PRINTMGMT: {" PIN": SECRET, "pin": [NUMBER]}}},
    {"op": "add", "path": PRINTMGMT, "value": {"cardNumber": {"value": NUMBER}, "pin": 5}},
    {"op": "add", "path": "urn:acme:User:cardNumber", "value": NUMBER},
    {"op": "add", "path": "password", "value": SECRET},
    {
        "op": "add",
        "value": {"password": SECRET, "urn:ietf:params:scim:schemas:core:2.0:User:password": SECRET},
    },
]


def every_row() -> str:
    """What the database holds, as text."""
    return "".join(str(list(model._default_manager.values())) for model in apps.get_models())


@pytest.mark.rfc("7644", "7.7")
@pytest.mark.rfc("7643", "9.2")
@pytest.mark.parametrize("operation", SPELLINGS)
def test_no_row_ever_holds_a_secret(scim: Scim, alice: PrintUser, operation: dict[str, object]) -> None:
    scim.patch(alice.pk, operation)
    scim.post({"userName": "dave", **operation, PRINTMGMT: {"pin": SECRET, "cardNumber": NUMBER}})
    scim.put(alice.pk, {"userName": {"not": "text"}, PRINTMGMT: {"pin ": SECRET, "cardNumber": NUMBER}})

    held = every_row()

    assert ProvisioningEvent.objects.count() == 4
    assert NUMBER not in held
    assert SECRET not in held
    assert Credential.objects.filter(kind=CredentialKind.CARD, last4="0815").exists()
