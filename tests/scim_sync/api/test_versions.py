"""Versions (RFC 7644 §3.14), addresses and projection (§3.9)."""

import pytest
from django.conf import settings

from printmgmt.people.models import PrintUser
from tests.scim_sync.client import CORE, DISABLE, ENABLE, ENTERPRISE, Scim, a_user, op

TITLE = op("Replace", "title", "Printer")


def version(scim: Scim, alice: PrintUser) -> str:
    tag: str = scim.user(alice.pk).headers["ETag"]
    return tag


@pytest.mark.rfc("7644", "3.14")
def test_a_version_rises_with_every_visible_change(scim: Scim, alice: PrintUser) -> None:
    seen = [version(scim, alice)]
    for operation in (
        TITLE,
        op("Replace", "displayName", "A"),
        DISABLE,
        ENABLE,
        op("Replace", "userName", "a"),
    ):
        answer = scim.patch(alice.pk, operation)
        seen.append(answer.headers["ETag"])
        assert answer.body["meta"]["version"] == version(scim, alice) == seen[-1]

    assert len(set(seen)) == 6


def test_what_changes_nothing_keeps_the_version(scim: Scim, alice: PrintUser) -> None:
    scim.patch(alice.pk, TITLE)
    before = scim.user(alice.pk).raw

    for operation in (TITLE, ENABLE, op("Replace", "unknown", "x"), op("Remove", "nickName")):
        assert scim.patch(alice.pk, operation).raw == before
    assert scim.put(alice.pk, scim.user(alice.pk).body).raw == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_stale_version_is_412_and_changes_nothing(scim: Scim, alice: PrintUser, method: str) -> None:
    stale = version(scim, alice)
    scim.patch(alice.pk, TITLE)
    before = scim.user(alice.pk).raw
    body = a_user("x") if method == "PUT" else {"Operations": [DISABLE]}

    answer = scim.send(method, f"/Users/{alice.pk}", body, If_Match=stale)

    assert answer.error == (412, None)
    assert scim.user(alice.pk).raw == before


@pytest.mark.parametrize("form", ["{tag}", "*", 'W/"0", {tag}'])
def test_the_current_version_goes_through(scim: Scim, alice: PrintUser, form: str) -> None:
    tag = version(scim, alice)

    assert scim.patch(alice.pk, TITLE, If_Match=form.format(tag=tag)).status == 200


@pytest.mark.rfc("7644", "3.4.1")
def test_an_unchanged_person_is_304(scim: Scim, alice: PrintUser) -> None:
    tag = version(scim, alice)

    answer = scim.get(f"/Users/{alice.pk}", If_None_Match=tag)
    scim.patch(alice.pk, TITLE)

    assert (answer.status, answer.headers["ETag"]) == (304, tag)
    assert scim.get(f"/Users/{alice.pk}", If_None_Match=tag).status == 200


@pytest.mark.rfc("7644", "3.4.1")
def test_every_answer_with_a_person_says_where_it_is(scim: Scim, alice: PrintUser) -> None:
    address = f"{settings.PUBLIC_URL}{scim.base}/Users/{alice.pk}"

    answers = [
        scim.user(alice.pk),
        scim.patch(alice.pk, TITLE),
        scim.put(alice.pk, a_user("alice@contoso.com")),
    ]
    scim.delete(alice.pk)
    answers.append(scim.create("alice@contoso.com"))

    assert [answer.headers["Location"] for answer in answers] == [address] * 4
    assert [answer.body["meta"]["location"] for answer in answers] == [address] * 4
    assert {answer.body["meta"]["resourceType"] for answer in answers} == {"User"}


def test_created_stays_and_last_modified_moves(scim: Scim, alice: PrintUser) -> None:
    before = scim.user(alice.pk).body["meta"]

    after = scim.patch(alice.pk, TITLE).body["meta"]

    assert after["created"] == before["created"]
    assert after["lastModified"] > before["lastModified"]


PROJECTIONS = [
    ("attributes=userName", {"userName"}),
    ("attributes=USERNAME,%20displayName", {"userName", "displayName"}),
    ("attributes=name.familyName", {"name"}),
    ("attributes=emails.value", {"emails"}),
    (f"attributes={CORE}:displayName", {"displayName"}),
    (f"attributes={ENTERPRISE}:department", {ENTERPRISE}),
    (f"attributes={ENTERPRISE}", {ENTERPRISE}),
    ("attributes=unknown", set()),
    ("attributes=id", set()),
    (
        "excludedAttributes=emails,name,meta,externalId,displayName,active&attributes=",
        {"userName", ENTERPRISE},
    ),
    ("attributes=userName,emails&excludedAttributes=emails", {"userName"}),
]


@pytest.mark.rfc("7644", "3.9")
@pytest.mark.parametrize(("query", "names"), PROJECTIONS)
def test_a_client_sees_what_it_asks_for(scim: Scim, alice: PrintUser, query: str, names: set[str]) -> None:
    answers = [
        scim.get(f"/Users/{alice.pk}?{query}").body,
        scim.get(f"/Users?{query}").body["Resources"][0],
        scim.send("PATCH", f"/Users/{alice.pk}?{query}", {"Operations": []}).body,
    ]

    assert [answer.keys() - {"schemas", "id"} for answer in answers] == [names] * 3
    assert all(answer["id"] == str(alice.pk) for answer in answers)


def test_sub_attributes_are_picked_alone(scim: Scim, alice: PrintUser) -> None:
    assert scim.get(f"/Users/{alice.pk}?attributes=name.familyName").body["name"] == {"familyName": "Adams"}
    assert scim.get(f"/Users/{alice.pk}?excludedAttributes=name.familyName").body["name"] == {
        "givenName": "Alice"
    }


def test_members_may_always_be_excluded(scim: Scim, alice: PrintUser) -> None:
    assert scim.get(f"/Users/{alice.pk}?excludedAttributes=members").raw == scim.user(alice.pk).raw
