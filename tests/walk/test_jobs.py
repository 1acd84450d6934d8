"""Jobs in a browser: selected by keyboard, held and canceled; whose a job is; a printer's page."""

import pytest
from playwright.sync_api import expect

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import OwnerDoubt, Printer
from tests import factories
from tests.browsing import Visitor
from tests.printmgmt.printing import equipment
from tests.walk.test_keyboard import Keyboard


@pytest.fixture
def front(contoso: Organization, cups: PrivateCups) -> Printer:
    """Two waiting jobs of Ada's, and one of a stranger."""
    cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    front = equipment.printer(equipment.operated(contoso, cups, name="Lyon"), "front")
    person = factories.person(contoso, "king@contoso.example", display_name="Ada King")
    for title in ("First", "Second"):
        equipment.seen_job(cups, front, cups.submit("front", "king", title=title), person)
    stranger = equipment.seen_job(cups, front, cups.submit("front", "stranger"))
    stranger.owner_text = stranger.owner_key = "stranger"
    stranger.doubt = OwnerDoubt.UNKNOWN
    stranger.save()
    return front


def test_jobs_are_selected_by_keyboard_held_and_canceled(
    ada: Visitor, contoso: Organization, cups: PrivateCups, front: Printer
) -> None:
    ada.open_console(contoso)
    ada.menu("Jobs")
    ada.rows(3)
    ada.check_width()
    keyboard = Keyboard(ada.page)

    selection = ada.page.locator("#selection")
    expect(selection.get_by_role("button", name="Hold")).to_be_disabled()
    everything = selection.get_by_label("All on this page")
    everything.focus()
    keyboard.press("Space")
    expect(selection.get_by_role("status")).to_have_text("3")
    ada.page.get_by_label("Select job", exact=False).first.focus()
    keyboard.press("Space")
    expect(selection.get_by_role("status")).to_have_text("2")
    expect(everything).not_to_be_checked()
    selection.get_by_role("button", name="Hold").focus()
    keyboard.press("Enter")

    ada.sees("2 jobs were held.")
    ada.check_width()
    assert sorted(job["job-state"] for job in cups.jobs("front")) == [3, 4, 4]

    selection.get_by_label("All on this page").check()
    selection.get_by_role("button", name="Cancel").click()
    expect(ada.page.get_by_role("dialog")).to_contain_text("You cannot undo this.")
    ada.confirm("Cancel jobs")
    ada.sees("3 jobs were canceled.")
    assert cups.jobs("front") == []


def test_an_operator_says_whose_a_job_is_and_undoes_it(
    ada: Visitor, contoso: Organization, front: Printer
) -> None:
    ada.open_console(contoso, "jobs/?owner=nobody")
    ada.rows(1)
    ada.follow("This is …", exact=False)
    ada.search("king")
    ada.check_width()
    ada.press("Choose Ada King")
    ada.confirm("Assign")
    ada.sees("1 job is now assigned to Ada King.")
    ada.press("Undo")
    ada.sees("1 job is unassigned again.")


def test_a_printers_page_shows_its_jobs_and_waits_for_its_server(
    ada: Visitor, contoso: Organization, front: Printer
) -> None:
    ada.open_console(contoso)
    ada.menu("Printers")
    ada.rows(1)
    ada.check_width()
    ada.follow("front")
    ada.rows(3)
    ada.check_width()
    ada.press("Refresh")
    ada.sees("Reading the server…")
