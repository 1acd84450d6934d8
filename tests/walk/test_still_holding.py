"""What people who left still hold, and jobs of nobody, in a browser: from the dashboard, by keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.models import Organization
from printmgmt.people.models import Credential
from printmgmt.printing.models import OwnerDoubt
from tests import factories, many
from tests.browsing import Visitor
from tests.printmgmt.equipment import equip
from tests.printmgmt.printing import equipment
from tests.walk.test_every_page import look_at
from tests.walk.test_keyboard import Keyboard


def test_a_card_that_works_is_revoked_by_keyboard(ada: Visitor, contoso: Organization) -> None:
    person = equip(factories.person(contoso, "grace@contoso.example", display_name=many.HOSTILE[0])).person
    factories.leaver(contoso, Trigger.REMOVED, who=person)
    Credential.objects.filter(person=person, kind="card").update(disabled_at=None)

    ada.open_console(contoso)
    ada.page.get_by_role("link", name="1 person who left still holds something").click()
    ada.sees("It works, and no step turns it off.")
    ada.check_width()
    keyboard = Keyboard(ada.page)
    ada.page.get_by_role("button", name="Revoke the card ending in").focus()
    keyboard.press("Enter")
    expect(ada.page.get_by_role("dialog")).to_contain_text("The card stops working for good")
    ada.confirm("Revoke")
    ada.sees("was revoked.")

    ada.open_console(contoso, "leavers/holding/")
    ada.sees("Nobody who left still holds anything.")
    assert Credential.objects.get(person=person, kind="card").revoked_at is not None


def test_a_hint_leads_to_whose_a_job_is(ada: Visitor, contoso: Organization) -> None:
    factories.person(contoso, "king@contoso.example", display_name="Ada King")
    front = equipment.printer(equipment.print_server(contoso, name="Lyon"), "front")
    job = equipment.print_job(
        front,
        owner_text="CONTOSO\\king",
        owner_key="contoso\\king",
        doubt=OwnerDoubt.UNKNOWN,
        submitted_at=timezone.now() - timedelta(days=3),
    )

    ada.open_console(contoso)
    ada.page.get_by_role("link", name="Unassigned jobs").click()
    ada.rows(1)
    ada.check_width()
    ada.page.get_by_role("link", name=f"Perhaps Ada King (job {job.remote_id})").click()
    ada.page.get_by_role("button", name="Choose Ada King").click()
    ada.confirm("Assign")

    ada.sees("Every job that waits has an owner.")
    job.refresh_from_db()
    assert str(job.person) == "Ada King"


@pytest.mark.parametrize("path", ["leavers/holding/", "jobs/unassigned/"])
def test_axe_finds_nothing(ada: Visitor, contoso: Organization, path: str) -> None:
    run = factories.leaver(contoso, who=factories.person(contoso, "ada@contoso.example"))
    front = equipment.printer(equipment.print_server(contoso, name="Lyon"), "front")
    equipment.print_job(front, run.person, late_for_run=run.pk)
    equipment.print_job(front, owner_text="ada", owner_key="ada", doubt=OwnerDoubt.AMBIGUOUS)

    pages = [f"/o/contoso/{path}", f"/o/contoso/leavers/{run.pk}/", f"/o/contoso/people/{run.person_id}/"]
    assert [problem for page in pages for problem in look_at(ada.page, ada.url + page)] == []
