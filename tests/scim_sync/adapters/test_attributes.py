"""Each attribute of a person over SCIM: read, written, found, sorted, owned; and the checks of the table."""

from typing import Any

import pytest
from django.apps import apps
from django.core.checks import CheckMessage

from printmgmt.console.shell.extensions import extensions
from printmgmt.organizations.models import Organization
from printmgmt.people.attributes import BY_NAME
from printmgmt.people.models import PrintUser
from scim_sync.adapters import attribute_checks as checks
from scim_sync.adapters.attributes import BY_PATH, SCIM_NAMES, WORK_EMAIL
from scim_sync.models import ProvisioningEvent, ScimUser
from tests import factories
from tests.scim_sync.client import ENTERPRISE, Scim, op

EACH = pytest.mark.parametrize("path", BY_PATH)


def body_with(path: str, value: str) -> dict[str, Any]:
    """The part of a person's representation that says the value."""
    if path == WORK_EMAIL:
        return {"emails": [{"type": "work", "value": value}]}
    parent, _colon, name = path.rpartition(":" if path.startswith("urn:") else ".")
    return {parent: {name: value}} if parent else {name: value}


def value_at(body: dict[str, Any], path: str) -> str | None:
    """The value at a path of a representation."""
    if path == WORK_EMAIL:
        return next((email["value"] for email in body.get("emails", [])), None)
    parent, _colon, name = path.rpartition(":" if path.startswith("urn:") else ".")
    found: str | None = (body.get(parent, {}) if parent else body).get(name)
    return found


@EACH
@pytest.mark.both_databases
def test_an_attribute_has_its_column_and_nothing_is_kept_twice(
    scim: Scim, charlie: PrintUser, path: str
) -> None:
    answer = scim.post({"userName": "ada", **body_with(path, "Straße ４")})

    person = PrintUser.objects.get(pk=answer.id)
    assert BY_PATH[path].value_of(person) == "Straße ４"
    assert value_at(answer.body, path) == value_at(scim.user(answer.id).body, path) == "Straße ４"
    assert "Stra" not in str(ScimUser.objects.get(person=person).attributes)


@pytest.mark.parametrize("path", sorted(set(BY_PATH) - {"userName", WORK_EMAIL}))
@pytest.mark.both_databases
def test_a_value_sent_before_the_attribute_was_a_column_is_shown_and_moves_with_the_next_write(
    scim: Scim, path: str
) -> None:
    ada = PrintUser.objects.get(pk=scim.create("ada").id)
    link = ScimUser.objects.get(person=ada)
    link.attributes |= body_with(path, "sent long ago")
    link.save()
    assert BY_PATH[path].value_of(ada) == ""

    assert value_at(scim.user(str(ada.pk)).body, path) == "sent long ago"
    scim.patch(ada.pk, op("replace", "nickName", "Al"))

    ada.refresh_from_db()
    link.refresh_from_db()
    assert BY_PATH[path].value_of(ada) == "sent long ago"
    assert "sent long ago" not in str(link.attributes)


@EACH
@pytest.mark.both_databases
def test_an_attribute_is_found_and_sorted_by_in_any_letter_case(scim: Scim, path: str) -> None:
    for name, value in (("b", "Straße B"), ("a", "STRASSE A"), ("c", "x")):
        scim.post({"userName": name, **body_with(path, value)})

    found = scim.find(f'{path} co "strasse"').body["Resources"]
    sort_by = path.replace('[type eq "work"]', "")
    first = scim.get(f"/Users?sortBy={sort_by}").body["Resources"]

    assert [value_at(person, path) for person in found] == ["Straße B", "STRASSE A"]
    assert [value_at(person, path) for person in first] == ["STRASSE A", "Straße B", "x"]


@EACH
def test_a_patch_changes_and_clears_an_attribute_and_the_log_tells(scim: Scim, path: str) -> None:
    ada = scim.post({"userName": "ada", **body_with(path, "old")}).id

    scim.patch(ada, op("replace", path, "new"))
    event = ProvisioningEvent.objects.latest("pk")

    assert value_at(scim.user(ada).body, path) == "new"
    assert [(change["old"], change["new"]) for change in event.changes] == [("old", "new")]
    if not BY_PATH[path].required:
        scim.patch(ada, op("remove", path))
        assert value_at(scim.user(ada).body, path) is None


@EACH
def test_a_put_without_an_attribute_clears_it(scim: Scim, path: str) -> None:
    ada = scim.post({"userName": "ada", **body_with(path, "old")}).id

    scim.put(ada, {"userName": "ada"})

    assert value_at(scim.user(ada).body, path) == ("ada" if path == "userName" else None)


def test_the_directory_owns_what_it_can_say(contoso: Organization, alice: PrintUser, bob: PrintUser) -> None:
    assert extensions.owned_fields(alice) == set(SCIM_NAMES)
    assert extensions.owned_fields(bob) == set()


def test_the_table_and_the_schemas_agree() -> None:
    assert f"{checks.__name__}.check_attributes" in apps.get_app_config("scim_sync").checks
    assert checks.check_attributes(None) == []


def found(monkeypatch: pytest.MonkeyPatch, names: dict[str, str]) -> list[CheckMessage]:
    monkeypatch.setattr(checks, "SCIM_NAMES", names)
    return checks.check_attributes(None)


def without(name: str) -> dict[str, str]:
    return {attribute: path for attribute, path in SCIM_NAMES.items() if attribute != name}


@pytest.mark.parametrize(
    ("names", "code", "words"),
    [
        (without("department"), "scim_sync.E002", "“department” of a person has no SCIM name"),
        ({**SCIM_NAMES, "shoe_size": f"{ENTERPRISE}:division"}, "scim_sync.E003", "“shoe_size”, which is no"),
        ({**SCIM_NAMES, "department": f"{ENTERPRISE}:floor"}, "scim_sync.E004", f"{ENTERPRISE}:floor"),
        ({**SCIM_NAMES, "department": f"{ENTERPRISE}:Division"}, "scim_sync.E004", ":division"),
        ({**SCIM_NAMES, "department": "profileUrl"}, "scim_sync.E005", "profileUrl"),
        ({**SCIM_NAMES, "department": "roles.value"}, "scim_sync.E005", "roles.value"),
        ({**SCIM_NAMES, "department": f"{ENTERPRISE}:manager.displayName"}, "scim_sync.E005", "manager"),
        ({**SCIM_NAMES, "display_name": "nickName"}, "scim_sync.E006", "nickName"),
    ],
)
def test_a_forgotten_line_names_the_file(
    monkeypatch: pytest.MonkeyPatch, names: dict[str, str], code: str, words: str
) -> None:
    (error,) = found(monkeypatch, names)

    assert error.id == code
    assert words in error.msg
    assert ".py" in f"{error.msg} {error.hint}"


def test_what_only_the_console_owns_needs_no_scim_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        checks, "ATTRIBUTES", [each for each in BY_NAME.values() if each.name != "department"]
    )
    monkeypatch.setattr(
        checks, "BY_NAME", {name: each for name, each in BY_NAME.items() if name != "department"}
    )

    assert found(monkeypatch, without("department")) == []


@pytest.mark.parametrize("path", [checks.TABLE, checks.CORE_TABLE, "scim_sync/protocol/rules.py"])
def test_the_files_a_check_names_exist(path: str, pytestconfig: pytest.Config) -> None:
    assert (pytestconfig.rootpath / path).exists()


def test_console_people_have_their_attributes_in_scim(scim: Scim, contoso: Organization) -> None:
    person = factories.person(
        contoso, "grace", **{each.name: each.name for each in BY_PATH.values() if not each.required}
    )

    body = scim.user(person.pk).body

    assert {path: value_at(body, path) for path in BY_PATH} == {
        path: "grace" if each.required else each.name for path, each in BY_PATH.items()
    }
