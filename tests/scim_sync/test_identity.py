"""Who is who (docs/scim.md): ids are ours, names are keys, a rename keeps the person, tenants are apart."""

from uuid import UUID

import pytest
from django.conf import settings

from printmgmt.organizations.models import Account, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PrintAlias, PrintUser
from tests import factories
from tests.scim_sync.client import Scim, a_user, op

pytestmark = pytest.mark.both_databases


def rows() -> list[dict[str, object]]:
    return list(PrintUser.objects.order_by("pk").values())


@pytest.mark.rfc("7643", "3.1")
@pytest.mark.parametrize("borrowed", ["1", "0", "admin", "id", "externalId", "userName"])
def test_external_id_is_never_an_id(scim: Scim, alice: PrintUser, borrowed: str) -> None:
    before = rows()
    taken = {"id": str(alice.pk), "externalId": "alice", "userName": "alice@contoso.com"}.get(
        borrowed, borrowed
    )

    answer = scim.create("dave@contoso.com", externalId=taken)

    assert answer.status == 201
    assert UUID(answer.id) != alice.pk
    assert [row for row in rows() if row["id"] != UUID(answer.id)] == before
    found = scim.user(taken)
    assert found.status == (200 if borrowed == "id" else 404)
    if borrowed == "id":
        assert found.body["userName"] == "alice@contoso.com"


def test_an_external_id_may_be_shared(scim: Scim) -> None:
    for name in ("one", "two"):
        assert scim.create(name, externalId="same").status == 201

    assert scim.find('externalId eq "same"').found == ["one", "two"]


@pytest.mark.rfc("7643", "2.3.1")
def test_external_id_keeps_its_letter_case(scim: Scim, alice: PrintUser) -> None:
    assert scim.find('externalId eq "ALICE"').found == []


def test_a_pushed_administrator_is_a_person_beside_the_account(scim: Scim, contoso: Organization) -> None:
    account = factories.account("boss@contoso.com")
    factories.administrator(contoso, Role.OWNER, who=account)
    before = Account.objects.filter(pk=account.pk).values().get()

    answer = scim.create(
        "boss@contoso.com", password="pwned", emails=[{"type": "work", "value": "boss@contoso.com"}]
    )
    scim.patch(answer.id, op("Replace", 'emails[type eq "work"].value', "evil@contoso.com"))

    assert answer.status == 201
    assert Account.objects.filter(pk=account.pk).values().get() == before


def test_rename_keeps_the_person_and_closes_the_name(scim: Scim, alice: PrintUser) -> None:
    answer = scim.patch(alice.pk, op("Replace", "userName", "alice.king@contoso.com"))

    assert answer.id == str(alice.pk)
    names = PrintAlias.objects.filter(person=alice)
    assert [(name.value, name.valid_until is None) for name in names] == [
        ("alice@contoso.com", False),
        ("alice.king@contoso.com", True),
    ]
    assert scim.user(alice.pk).body == answer.body


def test_a_name_given_up_is_free_for_someone_else(scim: Scim, alice: PrintUser) -> None:
    scim.patch(alice.pk, op("Replace", "userName", "alice.king@contoso.com"))

    answer = scim.create("alice@contoso.com")

    assert answer.status == 201
    assert answer.id != str(alice.pk)


def test_another_spelling_of_a_name_is_no_alias(scim: Scim, alice: PrintUser) -> None:
    answer = scim.patch(alice.pk, op("Replace", "userName", "Alice@Contoso.com"))

    assert answer.body["userName"] == "Alice@Contoso.com"
    assert list(PrintAlias.objects.filter(person=alice).values_list("value", flat=True)) == [
        "Alice@Contoso.com"
    ]


SAME_NAME = [
    ("iris", "IRIS"),
    ("straße", "STRASSE"),
    ("maſt", "mast"),
    ("\u212aelvin", "kelvin"),  # the Kelvin sign
    ("ｗｉｄｅ", "wide"),
    ("ﬁne", "fine"),  # a ligature
    ("e\u0301lan", "\u00e9lan"),  # decomposed and composed
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
]
OTHER_NAME = [
    ("\u0130", "i"),  # İ folds to i and a dot above
    ("\u0131", "i"),  # ı
    ("m\u0131ke", "mike"),
    ("a\u200bb", "ab"),  # zero width space
    ("a_b", "axb"),
    ("100%", "100x"),
]


@pytest.mark.rfc("7644", "7.8")
@pytest.mark.rfc("7644", "5")
@pytest.mark.parametrize(("first", "second"), SAME_NAME)
def test_names_that_fold_alike_are_one_name(scim: Scim, first: str, second: str) -> None:
    assert scim.create(first).status == 201

    assert scim.create(second).error == (409, "uniqueness")
    assert scim.find(f'userName eq "{second}"').found == [first]


@pytest.mark.rfc("7644", "5")
@pytest.mark.parametrize(("first", "second"), OTHER_NAME)
def test_names_that_only_look_alike_are_two(scim: Scim, first: str, second: str) -> None:
    assert (scim.create(first).status, scim.create(second).status) == (201, 201)

    assert scim.find(f'userName eq "{first}"').found == [first]
    assert scim.find(f'userName eq "{second}"').found == [second]


@pytest.mark.rfc("7644", "6")
def test_uniqueness_is_of_the_organization(scim: Scim, other_scim: Scim, alice: PrintUser) -> None:
    twin = a_user(
        "alice@contoso.com", externalId="alice", emails=[{"type": "work", "value": "alice@contoso.com"}]
    )

    answer = other_scim.post(twin)

    assert answer.status == 201
    assert answer.id != str(alice.pk)
    assert other_scim.delete(answer.id).status == 204
    assert scim.user(alice.pk).body["active"] is True


@pytest.mark.rfc("7644", "6")
def test_nothing_of_another_tenant_is_found(scim: Scim, alice: PrintUser, charlie: PrintUser) -> None:
    assert scim.get("/Users").found == ["alice@contoso.com"]
    for expression in (
        'userName eq "charlie@fabrikam.com"',
        f'id eq "{charlie.pk}"',
        'displayName eq "Charlie Clark"',
        'userName eq "nobody" or userName eq "charlie@fabrikam.com"',
        'not (userName eq "alice@contoso.com")',
    ):
        assert scim.find(expression).body["totalResults"] == 0
    assert scim.find('externalId eq "alice"').found == ["alice@contoso.com"]
    assert scim.find('emails.value eq "alice@contoso.com"').found == ["alice@contoso.com"]


@pytest.mark.rfc("7644", "6.2")
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_foreign_id_is_answered_like_an_unknown_one(scim: Scim, charlie: PrintUser, method: str) -> None:
    unknown = "4b7ba7b0-9d60-4a5e-9c3e-7d1e5c0a9f11"
    body = a_user("x") if method == "PUT" else {"Operations": [op("Replace", "active", "False")]}
    before = rows()

    answers = [scim.send(method, f"/Users/{user_id}", body) for user_id in (charlie.pk, unknown)]

    foreign, other = (
        (answer.status, answer.raw.replace(str(user_id).encode(), b"*"), sorted(answer.headers))
        for answer, user_id in zip(answers, (charlie.pk, unknown), strict=True)
    )
    assert foreign == other
    assert rows() == before


@pytest.mark.rfc("7643", "3.1")
def test_put_writes_the_person_of_the_address_not_of_the_body(scim: Scim, alice: PrintUser) -> None:
    victim = scim.create("victim@contoso.com")

    answer = scim.put(alice.pk, a_user("alice@contoso.com", id=victim.id, displayName="New"))

    assert answer.id == str(alice.pk)
    assert scim.user(victim.id).body == victim.body


INTERNALS = ["is_staff", "organization_id", "pk", "_state", "__class__", "source", "epoch", "state"]


@pytest.mark.parametrize("name", [*INTERNALS, "blocked_at", "legal_hold", "password", "person.state"])
def test_names_of_ours_change_nothing(scim: Scim, alice: PrintUser, name: str) -> None:
    before = rows()

    answer = scim.patch(alice.pk, op("replace", "", {name: "1"}), op("add", name.strip("_"), "1"))

    assert answer.status == 200
    assert rows() == before


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:9999", "testserver"])
def test_addresses_come_from_settings_not_from_host(scim: Scim, alice: PrintUser, host: str) -> None:
    headers = {"Host": host, "X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https"}

    answer = scim.send("GET", f"/Users/{alice.pk}", **headers)

    assert answer.raw == scim.user(alice.pk).raw
    assert answer.headers["Location"] == f"{settings.PUBLIC_URL}{scim.base}/Users/{alice.pk}"
