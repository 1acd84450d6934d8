"""Two directories of one organization, and the console, may each have a group of one name."""

import pytest

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import get_addon, install, uninstall
from printmgmt.organizations.models import Organization
from printmgmt.people.groups import create_group
from printmgmt.people.models import CONSOLE, PrintGroup
from tests.factories import ADDON, TESTER
from tests.scim_sync.client import Answer, Scim, op

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def lyon(contoso: Organization, installation: Installation) -> Installation:
    """A second directory beside ``installation``."""
    return install(contoso, get_addon(ADDON), by=TESTER, name="Lyon")


def found(scim: Scim, name: str) -> list[str]:
    """The ids a directory finds by a name."""
    answer = scim.get(f'/Groups?filter=displayName eq "{name}"')
    return [one["id"] for one in answer.body["Resources"]]


def test_each_of_two_directories_has_its_own(scim: Scim, lyon: Installation) -> None:
    other = Scim.of(lyon)
    first, second = scim.create_group("Teachers"), other.create_group("teachers")

    assert (first.status, second.status) == (201, 201)
    assert first.id != second.id
    assert found(scim, "Teachers") == [first.id]
    assert found(other, "Teachers") == [second.id]
    assert other.create_group("TEACHERS").error == (409, "uniqueness")
    assert other.group(first.id).status == other.delete_group(first.id).status == 404
    assert scim.group(first.id).status == 200


def test_a_group_of_the_console_beside_a_directorys_is_not_its_own(scim: Scim, contoso: Organization) -> None:
    own = scim.create_group("Teachers")
    console = create_group(contoso, "Teachers", by=TESTER)

    assert found(scim, "Teachers") == [own.id]
    assert scim.group(str(console.pk)).status == 404
    assert scim.create_group("Teachers").error == (409, "uniqueness")


def test_a_rename_to_a_name_of_its_own_is_a_conflict_and_to_anothers_is_none(
    scim: Scim, lyon: Installation
) -> None:
    other = Scim.of(lyon)
    scim.create_group("Teachers")
    theirs, more = other.create_group("Pupils"), other.create_group("Parents")

    def rename(group: Answer, name: str) -> Answer:
        return other.patch_group(group.id, op("replace", "displayName", name))

    assert rename(theirs, "Teachers").status == 200
    assert rename(more, "teachers").error == (409, "uniqueness")


def test_uninstalling_tells_those_apart_that_become_the_consoles(
    scim: Scim, installation: Installation, contoso: Organization
) -> None:
    for name in ("Teachers", "Pupils"):
        scim.create_group(name)
    create_group(contoso, "teachers", by=TESTER)
    create_group(contoso, "Teachers (2)", by=TESTER)

    uninstall(installation, Disposition.KEEP, by=TESTER)

    groups = PrintGroup.objects.filter(source=CONSOLE).order_by("display_name")
    names = sorted(groups.values_list("display_name", flat=True))
    assert names == ["Pupils", "Teachers (2)", "Teachers (3)", "teachers"]
