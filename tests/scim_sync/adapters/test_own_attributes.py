"""Attributes of a host's own: the example of docs/scim.md as it stands there, and the check of mistakes."""

import csv
import struct
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning.retention.anonymising import anonymise
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from scim_sync.adapters.checks import check_adapters, check_extensions
from scim_sync.adapters.extending import publish_extensions
from scim_sync.adapters.users import UserAdapter
from scim_sync.models import ProvisioningEvent, ScimUser
from scim_sync.protocol.attributes import USER, extend_people
from scim_sync.protocol.extensions import Extension, TextAttribute
from tests import factories
from tests.due import perform_due
from tests.scim_sync.adapters.examples import examples, run_as
from tests.scim_sync.client import CORE, DISABLE, ENTERPRISE, Scim, a_user, op

STAFF = "urn:contoso:params:scim:schemas:extension:staff:2.0:User"
FLOOR, COLOR = f"{STAFF}:floor", f"{STAFF}:badgeColor"
FRENCH = {"Floor": "Étage", "Badge color": "Couleur du badge"}
GIVEN = {"floor": "3rd", "badgeColor": "Teal"}


@pytest.fixture
def own_schemas() -> Iterator[None]:
    """Afterwards people have our schemas only."""
    yield
    extend_people([])


@pytest.fixture
def staff(
    own_schemas: None,
    name_adapter: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
    tmp_path: Path,
) -> None:
    """Run as the host of docs/scim.md, with the labels in French."""
    of_host = run_as(examples()[1], name_adapter, monkeypatch, tmp_path)
    _compile(FRENCH, tmp_path / "contoso/locale/fr/LC_MESSAGES/django.mo")
    settings.LOCALE_PATHS = of_host["LOCALE_PATHS"]
    publish_extensions()


def _compile(texts: dict[str, str], path: Path) -> None:
    """Write a catalogue as msgfmt does (GNU gettext manual, *The Format of GNU MO Files*)."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **texts}.items())
    columns = [[text.encode() for text in column] for column in zip(*pairs, strict=True)]
    at = 28 + 16 * len(pairs)
    index, body = b"", b""
    for text in (*columns[0], *columns[1]):
        index += struct.pack("<II", len(text), at + len(body))
        body += text + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, at)
    path.parent.mkdir(parents=True)
    path.write_bytes(header + index + body)


@pytest.fixture
def dave(staff: None, scim: Scim) -> str:
    """The id of a person whom Contoso's directory sent with both attributes."""
    answer = scim.create("dave@contoso.com", schemas=[CORE, STAFF], **{STAFF: GIVEN})
    assert answer.status == 201
    return answer.id


def test_the_example_is_short() -> None:
    assert sum(len(code.splitlines()) for code in examples()[1].values()) <= 40


@pytest.mark.usefixtures("staff")
@pytest.mark.rfc("7643", "3.3")
def test_discovery_has_the_schema(scim: Scim) -> None:
    assert check_adapters(None) == check_extensions(None) == []

    schema = scim.get(f"/Schemas/{STAFF.upper()}").body
    (user, group) = scim.get("/ResourceTypes").body["Resources"]

    assert [each["id"] for each in scim.get("/Schemas").body["Resources"]][-1] == STAFF
    assert (schema["id"], schema["name"]) == (STAFF, "ContosoStaff")
    assert [(each["name"], each["description"], each["caseExact"]) for each in schema["attributes"]] == [
        ("floor", "Floor", False),
        ("badgeColor", "Badge color", True),
    ]
    assert {"schema": STAFF, "required": False} in user["schemaExtensions"]
    assert "schemaExtensions" not in group


def test_post_put_and_get(scim: Scim, dave: str) -> None:
    shown = scim.user(dave).body
    assert shown[STAFF] == GIVEN
    assert shown["schemas"] == [CORE, STAFF]

    put = scim.put(dave, a_user("dave@contoso.com", **{STAFF.upper(): {"FLOOR": "4th"}})).body
    assert put[STAFF] == scim.user(dave).body[STAFF] == {"floor": "4th"}

    emptied = scim.put(dave, a_user("dave@contoso.com")).body
    assert STAFF not in emptied
    assert emptied["schemas"] == [CORE]


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        (op("Add", FLOOR, "4th"), {"floor": "4th", "badgeColor": "Teal"}),
        (op("Replace", FLOOR.upper(), "4th"), {"floor": "4th", "badgeColor": "Teal"}),
        (op("Replace", "", {FLOOR: "4th"}), {"floor": "4th", "badgeColor": "Teal"}),
        (op("Add", "", {STAFF: {"floor": "4th"}}), {"floor": "4th", "badgeColor": "Teal"}),
        (op("Replace", STAFF, {"floor": "4th"}), {"floor": "4th", "badgeColor": "Teal"}),
        (op("Remove", FLOOR), {"badgeColor": "Teal"}),
        (op("Replace", FLOOR, ""), {"badgeColor": "Teal"}),
        (op("Remove", STAFF), None),
    ],
)
def test_patch(scim: Scim, dave: str, operation: dict[str, Any], left: dict[str, str] | None) -> None:
    answer = scim.patch(dave, operation)

    assert answer.status == 200, answer
    assert answer.body.get(STAFF) == scim.user(dave).body.get(STAFF) == left
    assert (STAFF in answer.body["schemas"]) is (left is not None)


def test_patch_leaves_the_other_attributes_alone(scim: Scim, dave: str) -> None:
    number = op("Add", f"{ENTERPRISE}:employeeNumber", "7")

    body = scim.patch(dave, number, op("Add", "title", "Typesetter")).body

    assert (body[STAFF], body["title"], body[ENTERPRISE]) == (GIVEN, "Typesetter", {"employeeNumber": "7"})


@pytest.mark.parametrize(
    "expression",
    [
        f'{FLOOR} eq "3RD"',
        f'{FLOOR.upper()} eq "3rd"',
        f'userName sw "dave" and {FLOOR} sw "3"',
        f'{FLOOR} pr and userName eq "dave@contoso.com"',
        f'{COLOR} eq "Teal" and not ({FLOOR} eq "4th")',
        f'schemas eq "{STAFF}"',
    ],
)
@pytest.mark.usefixtures("dave")
def test_filters_find(scim: Scim, expression: str) -> None:
    scim.create("erin@contoso.com")

    assert scim.find(expression).found == ["dave@contoso.com"]


@pytest.mark.usefixtures("dave")
def test_filters_leave_out_and_sorting_puts_in_order(scim: Scim) -> None:
    scim.create("erin@contoso.com", **{STAFF: {"floor": "1st"}})

    assert scim.find(f'{COLOR} eq "teal"').found == []  # caseExact
    assert scim.find(f'{FLOOR} eq "4th"').found == []
    assert scim.find(f'{STAFF}:desk eq "3rd"').error == (400, "invalidFilter")
    assert scim.get(f"/Users?sortBy={FLOOR}").found == ["erin@contoso.com", "dave@contoso.com"]


def test_projection(scim: Scim, dave: str) -> None:
    def keys(query: str) -> tuple[set[str], Any]:
        body = scim.get(f"/Users/{dave}?{query}").body
        return set(body), body.get(STAFF)

    assert keys(f"attributes={FLOOR}") == ({"schemas", "id", STAFF}, {"floor": "3rd"})
    assert keys(f"attributes={STAFF}") == ({"schemas", "id", STAFF}, GIVEN)
    assert keys(f"excludedAttributes={FLOOR.upper()}")[1] == {"badgeColor": "Teal"}
    assert STAFF not in keys(f"excludedAttributes={STAFF}")[0]


@pytest.mark.parametrize("value", [3, True, ["3rd"], {"value": "3rd"}])
def test_another_type_is_refused_by_name(scim: Scim, dave: str, value: object) -> None:
    for refused in (
        scim.create("erin@contoso.com", **{STAFF: {"floor": value}}),
        scim.put(dave, a_user("dave@contoso.com", **{STAFF: {"floor": value}})),
        scim.patch(dave, op("Replace", FLOOR, value)),
        scim.patch(dave, op("Replace", "", {STAFF: {"floor": value}})),
    ):
        assert refused.error == (400, "invalidValue")
        assert FLOOR in refused.body["detail"]
    assert scim.user(dave).body[STAFF] == GIVEN


def test_an_extension_that_is_no_object_is_refused_and_an_unknown_part_is_named(
    scim: Scim, dave: str
) -> None:
    refused = scim.create("erin@contoso.com", **{STAFF: "3rd"})
    assert (refused.error, STAFF in refused.body["detail"]) == ((400, "invalidValue"), True)

    scim.create("erin@contoso.com", **{STAFF: {"floor": "3rd", "desk": "12"}})
    assert ProvisioningEvent.objects.latest("pk").ignored == [f"{STAFF}:desk"]


def test_changes_are_in_the_log_and_in_the_audit(scim: Scim, dave: str) -> None:
    scim.patch(dave, op("Replace", FLOOR, "4th"))

    assert ProvisioningEvent.objects.latest("pk").changes == [
        {"attribute": FLOOR, "old": "3rd", "new": "4th"}
    ]
    event = AuditEvent.objects.get(verb="person.updated")
    assert (event.object_id, event.details["changes"]) == (dave, {FLOOR: ["3rd", "4th"]})
    scim.patch(dave, op("Replace", FLOOR, "4th"))
    assert AuditEvent.objects.filter(verb="person.updated").count() == 1


def test_page_and_file_show_the_texts_under_their_labels(
    contoso: Organization, scim: Scim, dave: str
) -> None:
    scim.patch(dave, op("Replace", FLOOR, "4th"))
    for language, (floor, color) in {"en": FRENCH.keys(), "fr": FRENCH.values()}.items():
        client = factories.signed_in(contoso)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        html = shown(client, "console:person", contoso, person=dave)
        assert f"<dt> {floor} " in html, language
        assert f"<dt> {color} " in html
        assert '<bdi class="breakable">4th</bdi>' in html
        assert '<bdi class="breakable">Teal</bdi>' in html
        (row,) = csv.DictReader(file(client, contoso))
        assert (row[floor], row[color]) == ("4th", "Teal")


def shown(client: Client, name: str, of: Organization, **arguments: object) -> str:
    answer = client.get(reverse(name, kwargs={"organization": of.slug, **arguments}))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def file(client: Client, of: Organization) -> list[str]:
    answer = client.get(reverse("console:people", kwargs={"organization": of.slug}), {"export": "csv"})
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]


def test_the_texts_go_with_the_person(scim: Scim, dave: str) -> None:
    scim.patch(dave, op("Replace", FLOOR, "attic"))
    scim.patch(dave, DISABLE)
    scim.delete(dave)
    assert ScimUser.objects.get().attributes == {}

    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        perform_due()
        anonymise(PrintUser.objects.get(pk=dave), by=factories.TESTER)

    assert not ScimUser.objects.exists()
    assert "attic" not in str(list(AuditEvent.objects.values_list("details", flat=True)))
    assert "attic" not in str(list(ProvisioningEvent.objects.values_list("changes", flat=True)))


@pytest.mark.usefixtures("own_schemas")
def test_a_host_without_the_adapter_ignores_the_extension(scim: Scim, contoso: Organization) -> None:
    answer = scim.create("dave@contoso.com", schemas=[CORE, STAFF], **{STAFF: GIVEN})

    assert answer.status == 201
    assert STAFF not in answer.body
    assert ProvisioningEvent.objects.get().ignored == [STAFF]
    assert scim.find(f'{FLOOR} eq "3rd"').error == (400, "invalidFilter")
    assert "Floor" not in shown(factories.signed_in(contoso), "console:person", contoso, person=answer.id)


def test_a_host_that_takes_the_adapter_away_hides_the_texts(
    scim: Scim, dave: str, name_adapter: Callable[[str, str], None]
) -> None:
    name_adapter("USER_ADAPTER", "scim_sync.adapters.users.UserAdapter")
    publish_extensions()

    body = scim.user(dave).body
    assert (body["schemas"], STAFF in body) == ([CORE], False)
    assert scim.patch(dave, op("Add", "title", "Typesetter")).status == 200
    assert ScimUser.objects.get().attributes == {"title": "Typesetter"}


class Faulty(UserAdapter):
    """What a test declares."""


@pytest.mark.usefixtures("own_schemas")
@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"urn": "contoso:User"}, "the URN “contoso:User” is not of the form"),
        ({"urn": "urn:contoso:staff"}, "is not of the form"),
        ({"urn": ENTERPRISE.replace("enterprise", "Enterprise")}, "another schema has the URN"),
        ({"name": "Our staff"}, "is no name of a schema"),
        ({"attributes": ()}, "it has no attribute"),
        ({"attributes": (TextAttribute(name="floor"),)}, "“floor” has no label"),
        ({"attributes": (TextAttribute(name="the floor", label="Floor"),)}, "is no name of an attribute"),
        ({"attributes": (TextAttribute(name="PIN", label="PIN"),)}, "is the name of a secret"),
        (
            {"attributes": (TextAttribute(name="a", label="A"), TextAttribute(name="A", label="B"))},
            "two attributes are called “a”",
        ),
    ],
)
def test_a_mistake_is_named_and_not_published(
    changed: dict[str, Any],
    problem: str,
    name_adapter: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sound = {"urn": STAFF, "name": "Staff", "attributes": (TextAttribute(name="floor", label="Floor"),)}
    monkeypatch.setattr(Faulty, "extensions", (Extension(**{**sound, **changed}),))
    name_adapter("USER_ADAPTER", f"{__name__}.Faulty")

    (error,) = check_extensions(None)
    publish_extensions()

    assert error.id == "scim_sync.E008"
    assert problem in error.msg
    assert len(USER.extensions) == 2


@pytest.mark.usefixtures("own_schemas")
def test_a_schema_twice_is_a_mistake_and_published_once(
    name_adapter: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Extension(urn=STAFF, name="Staff", attributes=(TextAttribute(name="floor", label="Floor"),))
    monkeypatch.setattr(Faulty, "extensions", (one, one))
    name_adapter("USER_ADAPTER", f"{__name__}.Faulty")

    (error,) = check_extensions(None)
    publish_extensions()

    assert "another schema has the URN" in error.msg
    assert len(USER.extensions) == 3
    with override("fr"):
        assert one.document()["attributes"][0]["description"] == "Floor"
