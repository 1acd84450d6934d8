"""Groups: made, filled from a search, searched, emptied and deleted; a directory's stay locked."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PrintGroup, PrintUser
from tests import factories, many
from tests.browsing import Visitor, answers_search
from tests.printmgmt.console.groups.pages import group, names_in
from tests.scim_sync.client import Scim, op
from tests.walk.test_keyboard import Keyboard


@pytest.fixture
def people(contoso: Organization) -> list[PrintUser]:
    """Ada, Bob, and others with hostile names."""
    for name in ("Ada King", "Bob Byron"):
        factories.person(contoso, f"{name.split()[0].lower()}@contoso.example", display_name=name)
    return many.people(contoso, range(60))


def test_a_group_is_made_filled_and_deleted(
    ada: Visitor, contoso: Organization, people: list[PrintUser], tmp_path: Path
) -> None:
    group(contoso, many.HOSTILE[0])
    ada.open_console(contoso)
    ada.menu("Groups")
    ada.rows(1)
    ada.check_width()
    ada.follow("Create group")
    ada.page.get_by_label("Name").fill("Staff")
    ada.check_width()
    ada.press("Create group")
    ada.sees("Staff was created.")
    ada.sees("No members yet")

    ada.follow("Add members")
    ada.search("ada")
    ada.page.get_by_label("Ada King").check()
    ada.search("byron")
    ada.page.get_by_label("Bob Byron").check()
    ada.search("script")
    expect(ada.page.get_by_label("Ada King")).to_be_checked()
    ada.page.get_by_label("<script>alert(1)</script>").last.check()
    ada.check_width()
    ada.press("Add to the group")
    ada.sees("Added 3 members to Staff.")
    ada.check_width()
    staff = PrintGroup.objects.get(display_name="Staff")
    assert len(names_in(staff)) == 3

    ada.press("Remove Bob Byron from Staff")
    ada.cancel()
    ada.press("Remove Bob Byron from Staff")
    ada.confirm("Remove")
    ada.sees("Removed Bob Byron from Staff.")
    ada.press("Undo")
    ada.sees("Added Bob Byron to Staff.")
    ada.search("bob")
    expect(ada.page.locator("#members .list-group-item")).to_have_count(1)
    assert "Bob Byron" in ada.download("Export CSV", tmp_path).read_text(encoding="utf-8-sig")

    ada.press("Delete")
    expect(ada.page.get_by_role("dialog")).to_contain_text(
        "2 people will be removed from it. 1 group will be removed from it."
    )
    ada.confirm("Delete")
    ada.sees("Staff was deleted.")
    ada.rows(1)
    ada.press("Undo")
    ada.sees("Staff was restored.")
    ada.sees("Bob Byron")


def test_a_circle_is_refused_with_what_is_wrong(ada: Visitor, contoso: Organization) -> None:
    staff = group(contoso, "Staff")
    group(contoso, "Company", staff)
    ada.open_console(contoso, f"groups/{staff.pk}/members/")

    ada.page.get_by_label("Company").check()
    ada.press("Add to the group")

    ada.sees("“Company” cannot be added to “Staff”: it is the same group or contains it.")
    expect(ada.page.get_by_label("Company")).to_be_checked()
    ada.check_width()


def test_a_directorys_group_takes_members_of_the_console_too(
    ada: Visitor, contoso: Organization, people: list[PrintUser]
) -> None:
    azure = Scim.of(factories.installed(contoso))
    synced = azure.create("carol@contoso.example", displayName="Carol").id
    made = azure.create_group("Sales", synced).id
    ada.open_console(contoso, f"groups/{made}/")

    ada.sees("This group is managed by the directory.")
    expect(ada.page.get_by_role("link", name="Rename")).to_have_count(0)
    ada.follow("Add members")
    ada.search("king")
    ada.page.get_by_label("Ada King").check()
    ada.press("Add to the group")
    ada.sees("Added Ada King to Sales.")
    azure.patch_group(made, op("Remove", "members"))
    ada.open_console(contoso, f"groups/{made}/")

    expect(ada.page.locator("#members .list-group-item")).to_have_count(1)
    ada.sees("Ada King")


def test_a_person_joins_groups_from_their_page(ada: Visitor, contoso: Organization) -> None:
    person = factories.person(contoso, display_name="Ada King")
    for name in (*many.HOSTILE, "Staff"):
        group(contoso, name)
    ada.open_console(contoso, f"people/{person.pk}/")

    ada.follow("Add to groups")
    ada.page.get_by_label("Staff").check()
    ada.search("script")
    ada.page.get_by_label("<script>alert(1)</script>").check()
    ada.check_width()
    ada.press("Add to the groups")
    ada.sees("Added Ada King to 2 groups.")
    ada.press("Remove Ada King from Staff")
    ada.confirm("Remove")
    ada.sees("Removed Ada King from Staff.")
    ada.check_width()


def test_members_are_chosen_by_keyboard(ada: Visitor, contoso: Organization, people: list[PrintUser]) -> None:
    ada.page.emulate_media(reduced_motion="reduce")
    staff = group(contoso, "Staff")
    keyboard = Keyboard(ada.page)
    ada.open_console(contoso, f"groups/{staff.pk}/members/")

    keyboard.tab_to("Search")
    with ada.page.expect_response(answers_search("ada king")):
        ada.page.keyboard.type("ada king")
    ada.settle()
    expect(ada.page.locator("[name=pick]")).to_have_count(1)
    keyboard.tab_to("Kind")
    keyboard.press("Tab")
    keyboard.press("Space")
    expect(ada.page.get_by_label("Ada King")).to_be_checked()
    keyboard.tab_to("Add to the group")
    keyboard.press("Enter")
    ada.sees("Added Ada King to Staff.")
    keyboard.tab_to("Undo")
    keyboard.press("Enter")

    ada.sees("Removed Ada King from Staff.")
    assert names_in(staff) == []


def test_an_auditor_looks_and_changes_nothing(visitor: Visitor, contoso: Organization) -> None:
    staff = group(contoso, "Staff", factories.person(contoso, "ada"))
    visitor.enter(factories.administrator(contoso, Role.AUDITOR).account)
    visitor.open_console(contoso, "groups/")
    visitor.follow("Staff")

    visitor.sees("ada")
    expect(visitor.page.locator("main").get_by_role("button")).to_have_count(0)
    assert names_in(staff) == ["ada"]
