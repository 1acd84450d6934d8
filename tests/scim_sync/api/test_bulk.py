"""/Bulk: many writes in one request, each done or refused as if it had been sent alone."""

from typing import Any

import pytest

from addons.models import Installation
from printmgmt.people.models import PersonState, PrintGroup, PrintUser
from scim_sync.models import Action, ProvisioningEvent, Result
from scim_sync.protocol import limits
from tests.scim_sync.client import DISABLE, ERROR, Answer, Scim, a_group, a_user, op
from tests.scim_sync.costs import BODY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


def bulk(scim: Scim, *operations: Any, **members: Any) -> Answer:
    return scim.post({"schemas": [REQUEST], "Operations": list(operations), **members}, "/Bulk")


def create(bulk_id: str, data: dict[str, Any], path: str = "/Users") -> dict[str, Any]:
    return {"method": "POST", "path": path, "bulkId": bulk_id, "data": data}


def patch(user_id: object, *operations: dict[str, Any], **members: Any) -> dict[str, Any]:
    data = {"Operations": list(operations)}
    return {"method": "PATCH", "path": f"/Users/{user_id}", "data": data, **members}


def delete(path: str, **members: Any) -> dict[str, Any]:
    return {"method": "DELETE", "path": path, **members}


def statuses(answer: Answer) -> list[str]:
    return [operation["status"] for operation in answer.body["Operations"]]


@pytest.mark.rfc("7644", "3.7")
def test_every_verb_is_done_and_answered_in_the_order_of_the_request(scim: Scim, alice: PrintUser) -> None:
    eve = scim.create("eve").id
    answer = bulk(
        scim,
        create("1", a_user("dave")),
        patch(alice.pk, DISABLE),
        {"method": "PUT", "path": f"/Users/{eve}", "data": a_user("eve", title="Engineer")},
        create("2", a_group("Design"), "/Groups"),
        delete(f"/Users/{eve}"),
    )

    assert answer.status == 200
    assert answer.body["schemas"] == [RESPONSE]
    assert statuses(answer) == ["201", "200", "200", "201", "204"]
    made, patched, replaced, group, deleted = answer.body["Operations"]
    dave = PrintUser.objects.get(user_name="dave")
    assert made == {
        "method": "POST",
        "bulkId": "1",
        "status": "201",
        "version": 'W/"1"',
        "location": scim.user(dave.pk).headers["Location"],
    }
    assert patched["location"] == scim.user(alice.pk).headers["Location"]
    assert patched["version"] == scim.user(alice.pk).headers["ETag"]
    assert replaced["location"] == deleted["location"]
    assert group["location"].endswith(f"/Groups/{PrintGroup.objects.get().pk}")
    assert "version" not in deleted
    alice.refresh_from_db()
    assert alice.state == PersonState.SUSPENDED
    assert scim.user(eve).status == 404


@pytest.mark.rfc("7644", "3.7.2")
def test_what_is_made_in_the_request_can_be_named_before_it_is_made(scim: Scim) -> None:
    answer = bulk(
        scim,
        create("g", a_group("Design", "bulkId:u"), "/Groups"),
        create("u", a_user("dave")),
        create("v", a_user("eve", manager="bulkId:u")),
        {"method": "PUT", "path": "/Users/bulkId:u", "data": a_user("david")},
    )

    assert statuses(answer) == ["201", "201", "201", "200"]
    david = PrintUser.objects.get(user_name="david")
    (group,) = scim.get("/Groups").body["Resources"]
    assert [member["value"] for member in group["members"]] == [str(david.pk)]
    assert scim.find(f'manager eq "{david.pk}"').found == ["eve"]


@pytest.mark.rfc("7644", "3.7.1")
def test_groups_that_contain_one_another_are_refused_and_the_rest_is_done(scim: Scim) -> None:
    answer = bulk(
        scim,
        create("a", a_group("A", "bulkId:b"), "/Groups"),
        create("b", a_group("B", "bulkId:a"), "/Groups"),
        create("u", a_user("dave")),
        create("n", a_group("N", "bulkId:nobody"), "/Groups"),
    )

    assert statuses(answer) == ["409", "409", "201", "409"]
    assert not PrintGroup.objects.exists()


@pytest.mark.rfc("7644", "3.7.3")
def test_a_refused_operation_changes_nothing_and_the_others_are_done(scim: Scim, alice: PrintUser) -> None:
    answer = bulk(
        scim,
        create("1", a_user("ALICE@contoso.com")),
        create("2", a_user("dave")),
        patch(alice.pk, op("replace", "title", "Boss"), op("replace", "userName", "")),
        delete("/Users/unknown"),
    )

    assert statuses(answer) == ["409", "201", "400", "404"]
    taken, _made, broken, unknown = answer.body["Operations"]
    assert taken["response"]["schemas"] == [ERROR]
    assert (taken["response"]["status"], taken["response"]["scimType"]) == ("409", "uniqueness")
    assert "location" not in taken  # nothing was made
    assert broken["location"] == scim.user(alice.pk).headers["Location"]
    assert unknown["location"].endswith("/Users/unknown")
    assert "title" not in scim.user(alice.pk).body


@pytest.mark.rfc("7644", "3.7")
def test_a_version_that_has_passed_refuses_its_operation_only(scim: Scim, alice: PrintUser) -> None:
    answer = bulk(
        scim,
        patch(alice.pk, op("replace", "title", "A"), version='W/"1"'),
        patch(alice.pk, op("replace", "title", "B"), version='W/"1"'),
        delete(f"/Users/{alice.pk}", version='W/"2"'),
    )

    assert statuses(answer) == ["200", "412", "204"]


@pytest.mark.rfc("7644", "3.7.3")
@pytest.mark.parametrize(("most", "run"), [(1, 2), (2, 3), (None, 4), (100, 4)])
def test_as_many_errors_as_allowed_end_the_request(scim: Scim, most: int | None, run: int) -> None:
    members = {} if most is None else {"failOnErrors": most}
    answer = bulk(
        scim,
        create("1", a_user("dave")),
        delete("/Users/unknown"),
        delete("/Groups/unknown"),
        create("2", a_user("eve")),
        **members,
    )

    assert answer.status == 200
    assert statuses(answer) == ["201", "404", "404", "201"][:run]
    assert PrintUser.objects.filter(user_name="eve").exists() == (run == 4)


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        ("nonsense", "invalidSyntax"),
        ({"path": "/Users", "data": {}}, "invalidSyntax"),
        ({"method": "GET", "path": "/Users"}, "invalidSyntax"),
        ({"method": "POST", "path": "/Users", "data": {"userName": "x"}}, "invalidSyntax"),
        ({"method": "POST", "path": "/Users", "bulkId": "1"}, "invalidSyntax"),
        ({"method": "POST", "path": "/Users", "bulkId": "1", "data": [1]}, "invalidSyntax"),
        ({"method": "POST", "path": "/Users/5", "bulkId": "1", "data": {}}, "invalidPath"),
        ({"method": "POST", "path": "/Schemas", "bulkId": "1", "data": {}}, "invalidPath"),
        ({"method": "POST", "path": 5, "bulkId": "1", "data": {}}, "invalidPath"),
        ({"method": "POST", "bulkId": "1", "data": {}}, "invalidPath"),
        ({"method": "DELETE", "path": "/Users"}, "invalidPath"),
        ({"method": "DELETE", "path": "/Users/1/2"}, "invalidPath"),
        ({"method": "PATCH", "path": "https://elsewhere.example/Users/1", "data": {}}, "invalidPath"),
    ],
)
def test_an_operation_that_cannot_be_read_fails_alone(scim: Scim, operation: Any, error: str) -> None:
    answer = bulk(scim, operation, create("ok", a_user("dave")))

    refused, made = answer.body["Operations"]
    assert (refused["status"], refused["response"]["scimType"]) == ("400", error)
    assert made["status"] == "201"


def test_a_bulk_id_is_used_once(scim: Scim) -> None:
    answer = bulk(scim, create("1", a_user("dave")), create("1", a_user("eve")))

    assert statuses(answer) == ["201", "400"]
    assert not PrintUser.objects.filter(user_name="eve").exists()


@pytest.mark.rfc("7643", "2.1")
def test_names_come_in_any_letter_case(scim: Scim) -> None:
    answer = scim.post(
        {
            "operations": [
                {"METHOD": "post", "Path": "users/", "BulkID": "1", "DATA": {"username": "dave"}},
                {"method": "Post", "path": "GROUPS", "bulkId": "2", "data": {"displayName": "D"}},
            ]
        },
        "/BULK",
    )

    assert statuses(answer) == ["201", "201"]
    assert [operation["method"] for operation in answer.body["Operations"]] == ["POST", "POST"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, (400, "invalidSyntax")),
        ({"Operations": None}, (400, "invalidSyntax")),
        ({"Operations": {}}, (400, "invalidSyntax")),
        ({"Operations": [], "failOnErrors": 0}, (400, "invalidValue")),
        ({"Operations": [], "failOnErrors": True}, (400, "invalidValue")),
        ({"Operations": [], "failOnErrors": "1"}, (400, "invalidValue")),
        ({"Operations": [{}] * 1001}, (413, None)),
    ],
)
def test_a_request_that_cannot_be_is_refused_as_a_whole(
    scim: Scim, body: dict[str, Any], error: tuple[int, str | None]
) -> None:
    assert scim.post(body, "/Bulk").error == error


@pytest.mark.rfc("7644", "3.7.4")
def test_the_limits_are_the_announced_ones(scim: Scim) -> None:
    announced = scim.get("/ServiceProviderConfig").body["bulk"]
    assert announced == {"supported": True, "maxOperations": 1000, "maxPayloadSize": 5 * 1024 * 1024}
    filler = "x" * 4000
    size = limits.MAX_BODY_BYTES // 4000 + 10  # more than one request alone may have
    operations = [delete("/Users/unknown", filler=filler)] * size

    assert statuses(bulk(scim, *operations)) == ["404"] * size
    too_large = b'{"Operations": [], "x": "' + b"x" * announced["maxPayloadSize"] + b'"}'
    assert scim.send("POST", "/Bulk", too_large).error == (413, None)
    assert len(scim.post({"Operations": [{}] * 1000}, "/Bulk").body["Operations"]) == 1000


def test_nothing_to_do_is_done(scim: Scim) -> None:
    assert bulk(scim).body == {"schemas": [RESPONSE], "Operations": []}


def test_each_operation_is_an_event_under_one_request_id(
    scim: Scim, alice: PrintUser, installation: Installation
) -> None:
    answer = bulk(
        scim,
        patch(alice.pk, DISABLE),
        create("1", a_user("alice@contoso.com", pin="1234")),
        {"method": "NOPE"},
    )

    events = ProvisioningEvent.objects.filter(request_id=answer.headers["X-Request-ID"]).order_by("pk")
    logged = [(event.action, event.result, event.status, event.method) for event in events]
    assert logged == [
        (Action.SUSPEND, Result.OK, 200, "PATCH"),
        (Action.CREATE, Result.REFUSED, 409, "POST"),
        (Action.CREATE, Result.REFUSED, 400, "POST"),
    ]
    assert [event.path for event in events] == [
        f"{scim.base}/Bulk/Users/{alice.pk}",
        f"{scim.base}/Bulk/Users",
        f"{scim.base}/Bulk",
    ]
    assert [event.person for event in events] == [alice, None, None]
    assert "1234" not in str(events[1].body.request)
    assert events[0].body.response == answer.body["Operations"][0]


def test_a_foreign_person_is_as_unknown_as_anywhere(scim: Scim, charlie: PrintUser) -> None:
    answer = bulk(scim, delete(f"/Users/{charlie.pk}"), patch(charlie.pk, DISABLE))

    assert statuses(answer) == ["404", "404"]
    charlie.refresh_from_db()
    assert charlie.state == PersonState.ACTIVE


def test_an_operation_costs_what_it_costs_alone(
    scim: Scim, alice: PrintUser, django_assert_max_num_queries: Any
) -> None:
    scim.get("/Users")
    with django_assert_max_num_queries(9 + BODY):
        one = bulk(scim, patch(alice.pk, op("replace", "active", "True")))
    with django_assert_max_num_queries(10 * (8 + BODY) + 1):
        ten = bulk(scim, *[patch(alice.pk, op("replace", "active", "True"))] * 10)

    assert statuses(one) * 10 == statuses(ten) == ["200"] * 10
