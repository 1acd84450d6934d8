"""Of two directories of one organization one manages a person, whatever the other one sends."""

from collections.abc import Callable

import pytest
from django.db.models import Model

from addons.models import Installation
from addons.services import configure, pause
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.people.models import (
    Credential,
    Device,
    GroupMembership,
    PrintAlias,
    PrintUser,
    ReviewItem,
)
from scim_sync.models import ProvisioningEvent, ScimUser
from scim_sync.provisioning_log.reasons import Reason
from tests.factories import TESTER
from tests.scim_sync.client import DISABLE, ENABLE, PRINTMGMT, Answer, Scim, a_user, op
from tests.scim_sync.directories.conftest import ALICE

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def bulk(method: str, path: str, data: object = None) -> Callable[[Scim, PrintUser], Answer]:
    def call(scim: Scim, person: PrintUser) -> Answer:
        operation = {"method": method, "path": path.format(id=person.pk), "bulkId": "1", "data": data}
        body = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [{name: value for name, value in operation.items() if value is not None}],
        }
        return scim.post(body, "/Bulk")

    return call


WRITES: dict[str, Callable[[Scim, PrintUser], Answer]] = {
    "post": lambda scim, person: scim.create(ALICE, externalId="a2", displayName="Mallory"),
    "post in another case": lambda scim, person: scim.create(ALICE.upper()),
    "put": lambda scim, person: scim.put(person.pk, a_user(ALICE, displayName="Mallory")),
    "put of nobody's access": lambda scim, person: scim.put(person.pk, a_user(ALICE, active=False)),
    "patch a column": lambda scim, person: scim.patch(person.pk, op("Replace", "displayName", "Mallory")),
    "patch the link": lambda scim, person: scim.patch(person.pk, op("Add", "title", "Printer")),
    "patch nothing": lambda scim, person: scim.patch(person.pk, ENABLE),
    "rename": lambda scim, person: scim.patch(person.pk, op("Replace", "userName", "mallory")),
    "card": lambda scim, person: scim.patch(person.pk, op("Add", f"{PRINTMGMT}:cardNumber", "666")),
    "pin": lambda scim, person: scim.patch(person.pk, op("Add", f"{PRINTMGMT}:pin", "666")),
    "disable": lambda scim, person: scim.patch(person.pk, DISABLE),
    "delete": lambda scim, person: scim.delete(person.pk),
    "bulk post": bulk("POST", "/Users", a_user(ALICE)),
    "bulk put": bulk("PUT", "/Users/{id}", a_user(ALICE)),
    "bulk patch": bulk("PATCH", "/Users/{id}", {"Operations": [DISABLE]}),
    "bulk delete": bulk("DELETE", "/Users/{id}"),
}


KEPT: tuple[type[Model], ...] = (
    PrintUser,
    PrintAlias,
    ScimUser,
    Credential,
    Device,
    GroupMembership,
    DeprovisionRun,
    AuditEvent,
)


def everything() -> list[object]:
    """What a refused write may not change."""
    return [list(model._default_manager.order_by("pk").values()) for model in KEPT]


def refusal(answer: Answer) -> tuple[int, str | None]:
    """(status, scimType) of an answer, or of the only operation of a Bulk request."""
    if answer.status != 200:
        return answer.error
    [operation] = answer.body["Operations"]
    return int(operation["status"]), operation["response"].get("scimType")


@pytest.mark.parametrize("paused", [False, True], ids=["", "owner paused"])
@pytest.mark.parametrize("name", WRITES)
def test_a_write_of_the_other_directory_changes_nothing_and_asks_once(
    name: str,
    paused: bool,
    alice: PrintUser,
    lyon: Scim,
    second: Installation,
    installation: Installation,
) -> None:
    if paused:
        pause(installation, by=TESTER)
    before = everything()

    answers = [WRITES[name](lyon, alice) for _cycle in range(2)]

    assert [refusal(answer) for answer in answers] == [(409, "uniqueness")] * 2
    assert everything() == before
    item = ReviewItem.objects.get()
    assert (item.kind, item.state, item.person, item.source) == ("directory", "open", alice, second.source)
    assert item.details["owner"] == installation.source
    assert item.details["ends_access"] is (name.split()[-1] in ("disable", "delete", "access", "patch"))
    event = ProvisioningEvent.objects.get(installation=second)
    assert (event.status, event.person, event.reasons) == (409, alice, [Reason.OTHER_DIRECTORY])
    assert not ProvisioningEvent.objects.filter(installation=installation, status=409).exists()


@pytest.mark.parametrize("name", WRITES)
def test_writes_of_the_owner_go_on_as_if_it_were_alone(
    name: str, scim: Scim, alice: PrintUser, lyon: Scim
) -> None:
    answer = WRITES[name](scim, alice)

    is_taken = "post" in name
    assert (refusal(answer) == (409, "uniqueness")) is is_taken if is_taken else answer.status < 300
    assert not ReviewItem.objects.exists()


def test_the_answer_says_which_directory_and_nothing_that_a_read_does_not(
    alice: PrintUser, lyon: Scim, installation: Installation
) -> None:
    detail = lyon.patch(alice.pk, DISABLE).body["detail"]

    assert detail == (
        f"userName: the directory 'Microsoft Azure AD User Sync' manages the person '{ALICE}'; "
        "an administrator can decide in the console which of the two does"
    )
    assert alice.display_name not in detail


def test_reads_and_filters_see_the_person_without_what_only_the_owner_knows(
    scim: Scim, alice: PrintUser, lyon: Scim
) -> None:
    scim.patch(alice.pk, op("Add", "title", "Printer"))

    seen = lyon.user(alice.pk)
    assert (seen.status, seen.body["userName"]) == (200, ALICE)
    assert "title" not in seen.body
    assert "externalId" not in seen.body
    assert lyon.find(f'userName eq "{ALICE}"').found == lyon.get("/Users").found == [ALICE]
    assert lyon.find('externalId eq "alice"').found == []


def test_an_unmet_precondition_comes_first(alice: PrintUser, lyon: Scim) -> None:
    assert lyon.patch(alice.pk, DISABLE, if_match='W/"999"').status == 412
    assert not ReviewItem.objects.exists()


def test_with_refuse_nobody_is_asked(alice: PrintUser, lyon: Scim, second: Installation) -> None:
    configure(second, {"linking": "refuse"}, by=TESTER)

    assert lyon.patch(alice.pk, DISABLE).error == (409, "uniqueness")
    assert not ReviewItem.objects.exists()


def test_an_open_question_takes_what_the_directory_sends_now(alice: PrintUser, lyon: Scim) -> None:
    lyon.create(ALICE, externalId="a2", displayName="Alice of Lyon")
    lyon.patch(alice.pk, op("Replace", "displayName", "Alice L"), op("Replace", "active", "False"))

    item = ReviewItem.objects.get()
    assert item.details["proposed"]["display_name"] == "Alice L"
    assert item.details["proposed"]["external_id"] == "a2"
    assert item.details["ends_access"] is True


def test_people_of_another_organization_are_unknown_to_both(
    charlie: PrintUser, scim: Scim, lyon: Scim
) -> None:
    for one in (scim, lyon):
        assert one.patch(charlie.pk, DISABLE).status == one.delete(charlie.pk).status == 404
        assert one.find(f'userName eq "{charlie.user_name}"').found == []
    assert not ReviewItem.objects.exists()


def test_a_name_of_the_other_directory_cannot_be_taken_by_a_rename(
    scim: Scim, alice: PrintUser, lyon: Scim
) -> None:
    bob = lyon.create("bob@contoso.com")

    assert lyon.patch(bob.id, op("Replace", "userName", ALICE)).error == (409, "uniqueness")
    assert not ReviewItem.objects.exists()
    assert scim.user(bob.id).status == 200
