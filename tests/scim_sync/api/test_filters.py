"""Filters as directories send them: whom they find, what they may not ask, and by which index."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.db import connection

from addons.models import Installation
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.people.names import name_key
from scim_sync.adapters.columns import user_columns
from scim_sync.adapters.reading_people import people_of
from scim_sync.models import ScimUser
from scim_sync.protocol.attributes import GROUP, USER, Attribute
from scim_sync.protocol.filters import filter_to_q
from tests import factories
from tests.scim_sync.client import CORE, ENTERPRISE, PRINTMGMT, Scim, op

pytestmark = pytest.mark.both_databases

DORA = {
    "externalId": "Dora",
    "displayName": "Dora 100%_Dąb",
    "name": {"givenName": "Dora", "familyName": "Straße"},
    "title": "Tour Guide",
    "preferredLanguage": "de-AT",
    "profileUrl": "https://Example.com/Dora",
    "emails": [
        {"type": "home", "value": "dora@home.example"},
        {"type": "work", "value": "Dora@Contoso.com", "primary": True},
    ],
    "phoneNumbers": [{"type": "work", "value": "+1"}, {"type": "mobile", "value": "+2"}],
    "roles": [{"value": "Admin", "display": "Boss", "primary": True}],
    ENTERPRISE: {"department": "Ｓales", "manager": {"value": "Mgr-1"}},
}
YEAR = "2026-01-01T00:00:00Z"


@pytest.fixture
def dora(scim: Scim, alice: PrintUser, bob: PrintUser, charlie: PrintUser) -> str:
    """Pushed by the directory beside Alice, with Bob of the console and Charlie of another organization."""
    return scim.create("dora@contoso.com", **DORA).id


@pytest.mark.rfc("7644", "3.10")
@pytest.mark.rfc("7644", "3.4.2.2")
@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('userName EQ "DORA@contoso.com"', "dora"),
        (f'{CORE}:userName sw "DORA"', "dora"),
        ('userName ew ".com"', "alice bob dora"),
        ('userName co "_"', ""),
        ('displayName co "0%_d"', "dora"),
        ('displayName sw "%"', ""),
        ('externalId eq "dora"', ""),
        ("externalId eq Dora", "dora"),
        ('externalId ne "Dora"', "alice bob"),
        ("not (externalId pr)", "bob"),
        ("externalId eq null", "bob"),
        ("externalId ne null", "alice dora"),
        ('name.familyName eq "STRASSE"', "dora"),
        ("name pr", "alice dora"),
        ('title pr and not (title co "x")', "dora"),
        ('title ge "tour guide" and title le "TOUR GUIDE"', "dora"),
        ('title gt "tour guide"', ""),
        ('profileUrl sw "https://example.com"', ""),
        ('profileUrl sw "https://Example.com"', "dora"),
        ('preferredLanguage eq "DE-at"', "dora"),
        ("active eq True", "alice bob dora"),
        ('active eq "False"', ""),
        ('emails co "@HOME"', "dora"),
        ('emails.type eq "home"', "dora"),
        ('emails[type eq "work"].value eq "dora@contoso.com"', "dora"),
        ('emails[type eq "work" and value co "home"]', ""),
        ('emails[type eq "home" and value eq "dora@contoso.com"]', ""),
        ('emails[type eq "home" or value sw "alice"]', "alice dora"),
        ('emails[not (type eq "work")]', "dora"),
        ("emails[type eq home].value pr", "dora"),
        ('emails.value ne "alice@contoso.com"', "bob dora"),
        ('not (emails.value eq "dora@home.example")', "alice bob"),
        ("emails.primary eq false", "dora"),
        ("not (emails pr)", "bob"),
        ("emails eq null", "bob"),
        ('phoneNumbers[type eq "work" and value eq "+2"]', ""),
        ('phoneNumbers[type eq "work" or value eq "+2"]', "dora"),
        ('roles eq "ADMIN" and roles.display eq "boss"', "dora"),
        (f'{ENTERPRISE}:department eq "sales"', "dora"),
        (f'{ENTERPRISE}:department eq "it" or department eq "ＳALES"', "alice dora"),
        (f'{ENTERPRISE}:manager.value eq "Mgr-1"', "dora"),
        ('manager eq "mgr-1"', ""),
        (f"{ENTERPRISE}:manager pr", "dora"),
        (f"{ENTERPRISE} pr", "alice dora"),
        (f'schemas eq "{ENTERPRISE}"', "alice dora"),
        (f'schemas eq "{CORE}" and not (schemas eq "{PRINTMGMT}")', "alice bob dora"),
        ('meta.resourceType eq "User" and meta.version eq "W/\\"1\\""', "alice bob dora"),
        (f'meta.created gt "{YEAR}" and not (meta.lastModified lt "{YEAR}")', "alice bob dora"),
        (f'meta.created lt "{YEAR}"', ""),
        ("userName pr or userName eq null", "alice bob dora"),
        ('userName eq "dora@contoso.com" and (title eq "x" or title eq "tour guide")', "dora"),
        ('title eq "x" and title eq "y" or userName sw "bob"', "bob"),
    ],
)
def test_a_filter_finds_people(scim: Scim, dora: str, expression: str, names: str) -> None:
    answer = scim.find(expression)

    assert answer.status == 200, answer.body
    assert [name.partition("@")[0] for name in answer.found] == names.split()


@pytest.mark.rfc("7643", "2.3.5")
@pytest.mark.rfc("7643", "3.1")
def test_people_are_found_by_id_address_and_moment(scim: Scim, dora: str) -> None:
    meta = scim.user(dora).body["meta"]
    for expression in (
        f'id eq "{dora.upper()}"',
        f'id sw "{dora[:10]}" and id ew "{dora[-10:]}"',
        f'meta.location eq "{meta["location"]}"',
        f'meta.created eq "{meta["created"]}" and userName co "dora"',
        f'userName co "dora" and meta.created ge "{meta["created"].replace("Z", "+00:00")}"',
    ):
        assert scim.find(expression).found == ["dora@contoso.com"], expression
    assert scim.find(f'meta.location eq "{meta["location"].upper()}"').found == []
    assert scim.find('id eq "{' + dora + '}"').found == []


@pytest.mark.rfc("7643", "2.3.5")
@pytest.mark.rfc("7644", "3.4.2.2")
@pytest.mark.parametrize(
    ("operator", "before", "same", "after"),
    [
        ("eq", False, True, False),
        ("ne", True, False, True),
        ("gt", True, False, False),
        ("ge", True, True, False),
        ("lt", False, False, True),
        ("le", False, True, True),
    ],
)
def test_moments_compare_in_the_milliseconds_that_are_shown(
    scim: Scim, alice: PrintUser, operator: str, before: bool, same: bool, after: bool
) -> None:
    moment = datetime(2026, 3, 1, 12, 0, 0, 123_900, UTC)
    PrintUser.objects.update(created_at=moment)
    for text, expected in (
        ("2026-03-01T12:00:00.122999Z", before),
        ("2026-03-01T13:00:00.123+01:00", same),
        ("2026-03-01T12:00:00.1234", after),
        ("0001-01-01T00:00:00Z", before),
        ("9999-12-31T23:59:59.999999Z", after),
    ):
        found = scim.find(f'meta.created {operator} "{text}"').found
        assert found == (["alice@contoso.com"] if expected else []), text


@pytest.mark.parametrize(
    "moment",
    ["", "soon", "2026-03-01", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "20260301T000000Z"],
)
def test_what_is_no_moment_is_refused(scim: Scim, moment: str) -> None:
    assert scim.find(f'meta.created gt "{moment}"').error == (400, "invalidFilter")


@pytest.mark.rfc("7643", "4.1.2")
def test_groups_are_those_the_directory_wrote(scim: Scim, dora: str, bob: PrintUser) -> None:
    group = scim.create_group("Printers", dora, str(bob.pk)).id

    assert scim.find(f'groups.value eq "{group}"').found == ["bob@contoso.com", "dora@contoso.com"]
    assert scim.find('groups[display sw "PRINT" and type eq "direct"] and title pr').found == [
        "dora@contoso.com"
    ]
    assert scim.find("not (groups pr)").found == ["alice@contoso.com"]


def groups_found(scim: Scim, expression: str) -> list[str]:
    resources = scim.find(expression, "/Groups").body["Resources"]
    return [resource["displayName"] for resource in resources]


@pytest.mark.rfc("7644", "3.4.2.2")
def test_groups_are_found_by_name_and_members(scim: Scim, dora: str, other_scim: Scim) -> None:
    inner = scim.create_group("Inner", dora, externalId="X").id
    outer = scim.create_group("Outer", inner).id
    other_scim.create_group("Outer")

    assert groups_found(scim, 'displayName eq "OUTER"') == ["Outer"]
    assert groups_found(scim, 'externalId eq "X" and displayName sw "in"') == ["Inner"]
    assert groups_found(scim, f'id eq "{outer}" and members eq "{inner}"') == ["Outer"]
    assert groups_found(scim, f'members eq "{dora}" and id eq "{inner}"') == ["Inner"]
    assert groups_found(scim, 'members[type eq "Group"]') == ["Outer"]
    assert groups_found(scim, f'members[type eq "Group" and value eq "{dora}"]') == []
    assert groups_found(scim, 'members.display co "dora"') == ["Inner"]

    scim.delete(dora)
    assert groups_found(scim, "not (members pr)") == ["Inner"]


def test_former_names_are_found(scim: Scim, dora: str) -> None:
    scim.patch(dora, op("replace", "userName", "dora.new@contoso.com"))

    assert scim.find(f'{PRINTMGMT}:printAliases eq "DORA@contoso.com"').found == ["dora.new@contoso.com"]
    assert scim.find(f'{PRINTMGMT}:printAliases[value sw "dora"]').found == ["dora.new@contoso.com"]
    assert scim.find(f'{PRINTMGMT}:printAliases eq "dora.new@contoso.com"').found == []

    scim.patch(dora, op("replace", "userName", "dora@contoso.com"))
    assert scim.find(f'{PRINTMGMT}:printAliases sw "dora@"').found == []
    assert scim.find(f'{PRINTMGMT}:printAliases sw "dora.new@"').found == ["dora@contoso.com"]


@pytest.mark.rfc("7643", "2.3.1")
def test_texts_of_the_console_are_found_in_any_letter_case(scim: Scim, contoso: Organization) -> None:
    factories.person(contoso, "erin", department="Straße", employee_number="ÄB", preferred_language="FR-ca")

    for expression in ('department eq "STRASSE"', 'employeeNumber sw "ä"', 'preferredLanguage co "-CA"'):
        assert scim.find(expression).found == ["erin"], expression


def test_a_work_address_that_the_console_wrote_counts_for_a_linked_person(scim: Scim, dora: str) -> None:
    PrintUser.objects.filter(user_name_key="dora@contoso.com").update(
        work_email="new@contoso.com", work_email_key="new@contoso.com"
    )

    assert scim.find('emails[primary eq true].value eq "new@contoso.com"').found == ["dora@contoso.com"]
    assert scim.find('emails[type eq "work"].value eq "new@contoso.com"').found == ["dora@contoso.com"]
    assert scim.find('emails.value eq "dora@contoso.com"').found == []


@pytest.mark.parametrize("expression", ['members eq "x"', 'title eq "x" and pin eq "x"', "userName co null"])
def test_what_cannot_be_asked_is_refused(scim: Scim, dora: str, expression: str) -> None:
    assert scim.find(expression).error == (400, "invalidFilter")


@pytest.mark.rfc("7643", "2.3.2")
@pytest.mark.rfc("7644", "3.4.2.2")
@pytest.mark.parametrize("operator", ["gt", "ge", "lt", "le", "co", "sw", "ew"])
def test_booleans_have_no_order(scim: Scim, operator: str) -> None:
    answer = scim.find(f"active {operator} true")

    assert answer.error == (400, "invalidFilter")
    assert "active" in answer.body["detail"]


def every_attribute() -> list[tuple[str, str]]:
    """The endpoint, and a name a client may filter by."""
    kinds = (("/Users", USER), ("/Groups", GROUP))
    return [(path, sub.path) for path, kind in kinds for sub in kind.walk() if not sub.write_only]


@pytest.mark.parametrize(("path", "name"), every_attribute())
def test_every_published_attribute_can_be_filtered(
    scim: Scim, alice: PrintUser, path: str, name: str
) -> None:
    given = scim.find(f"{name} pr", path).body["totalResults"]
    missing = scim.find(f"not ({name} pr)", path).body["totalResults"]

    assert given + missing == scim.get(path).body["totalResults"]


def test_no_list_of_a_document_has_text_that_is_case_exact() -> None:
    """`JsonList` looks into the folded document alone."""

    def exact(attribute: Attribute) -> list[str]:
        return [sub.path for sub in attribute.subs.values() if sub.case_exact]

    lists = [attribute for attribute in USER.core.values() if attribute.multi_valued]
    assert [path for attribute in lists for path in exact(attribute)] == ["groups.value", "groups.$ref"]


@pytest.fixture
def two_thousand(installation: Installation) -> Installation:
    """So many people that PostgreSQL prefers an index where there is one; every tenth has a second email."""
    people = [
        PrintUser(
            organization=installation.organization,
            source=installation.source,
            **{name: f"{name}{n}" for name in ("user_name_key", "display_name_key", "work_email_key")},
        )
        for n in range(2000)
    ]
    PrintUser.objects.bulk_create(people)
    emails = [{"type": "work", "primary": True}]
    ScimUser.objects.bulk_create(
        ScimUser(
            installation=installation,
            person=person,
            external_id=f"external{n}",
            manager=f"manager{n // 10}",
            folded={"emails": emails if n % 10 else [*emails, {"type": "home", "value": f"{n}@home"}]},
        )
        for n, person in enumerate(people)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_printuser")
        cursor.execute("ANALYZE scim_sync_scimuser")
    return installation


INDEXED = {
    'userName eq "x"': ["person_user_name"],
    'displayName eq "x"': ["person_display_name"],
    'externalId eq "x"': ["scim_user_external_id"],
    'manager eq "x"': ["scim_user_manager"],
    'id eq "00000000-0000-0000-0000-000000000001"': ["people_printuser_pkey"],
    'emails.value eq "x"': ["person_work_email", "scim_user_other_emails"],
    'emails[type eq "work"].value eq "x"': ["person_work_email", "scim_user_other_emails"],
    'emails[type eq "home" and value eq "x"]': ["scim_user_other_emails"],
}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without statistics")
def test_matching_goes_by_an_index(two_thousand: Installation) -> None:
    columns = user_columns(two_thousand)
    for expression, indexes in INDEXED.items():
        condition = filter_to_q(expression, columns, comparison_key=name_key)
        plan = people_of(two_thousand).filter(condition).order_by().explain()
        assert "Seq Scan" not in plan, plan
        for index in indexes:
            assert index in plan, plan


@pytest.mark.rfc("7644", "3.12")
@pytest.mark.parametrize("blank", ["%20", "+", "%09%0A", "%20%20+"])
def test_a_filter_of_white_space_is_refused_and_shows_nobody(
    scim: Scim, alice: PrintUser, blank: str
) -> None:
    for path in ("/Users", "/Groups", "/"):
        assert scim.get(f"{path}?filter={blank}").error == (400, "invalidFilter")
        assert scim.post({"filter": " "}, f"{path.rstrip('/')}/.search").error == (400, "invalidFilter")
    assert scim.get("/Users?filter=").found == [alice.user_name]


def test_a_projection_with_a_filter_shows_the_attribute(scim: Scim, alice: PrintUser) -> None:
    scim.patch(alice.pk, op("add", "emails", [{"type": "home", "value": "a@home"}]))

    selection = quote('emails[type eq "work"],userName')
    body = scim.get(f"/Users/{alice.pk}?attributes={selection}").body

    assert set(body) == {"schemas", "id", "emails", "userName"}
    assert len(body["emails"]) == 2
