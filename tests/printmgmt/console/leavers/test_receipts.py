"""The receipt of a run in the console: what is shown, printed, downloaded, and to whom."""

import json
import re

import pytest
from django.urls import reverse

from printmgmt.deprovisioning.models import Receipt, Trigger
from printmgmt.deprovisioning.receipts.erasing import erase_personal
from printmgmt.deprovisioning.receipts.making import make_receipt
from printmgmt.deprovisioning.receipts.verifying import verify_text
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import JobState, PrintJob
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.printing import equipment

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def receipted(of: Organization) -> Receipt:
    ada = factories.person(of, "ada@contoso.example", display_name="Ada Lovelace")
    made = make_receipt(factories.leaver(of, Trigger.REMOVED, who=ada).pk)
    assert made is not None
    return made


def test_a_receipt_names_person_times_and_zone(page: Page, contoso: Organization) -> None:
    Organization.objects.filter(pk=contoso.pk).update(time_zone="Europe/Paris")
    receipt = receipted(contoso)

    html = page("console:receipt", run=receipt.run_id)

    for text in ("Ada Lovelace", "Europe/Paris", receipt.digest, receipt.key_id, "not valid"):
        assert (text in html) is (text != "not valid")


def test_times_stay_in_the_zone_that_the_receipt_names(page: Page, contoso: Organization) -> None:
    receipt = receipted(contoso)
    shown = page("console:receipt", run=receipt.run_id)
    Organization.objects.filter(pk=contoso.pk).update(time_zone="Asia/Tokyo")

    later = page("console:receipt", run=receipt.run_id)

    def times(html: str) -> list[str]:
        return re.findall(r"\d\d:\d\d:\d\d \w+", html)

    assert times(shown)
    assert times(later) == times(shown)


def test_jobs_that_came_after_the_leaving_are_counted(page: Page, contoso: Organization) -> None:
    ada = factories.person(contoso, "ada@contoso.example")
    run = factories.leaver(contoso, who=ada)
    job = equipment.print_job(
        equipment.printer(equipment.print_server(contoso)), ada, state=JobState.COMPLETED
    )
    PrintJob.objects.filter(pk=job.pk).update(late_for_run=run.pk)
    make_receipt(run.pk)

    html = page("console:receipt", run=run.pk)

    assert "sent after access had ended: 1. Held: 0. Canceled: 0. Already printing when found" in html
    assert "Those that were let go had begun to print" in html


def test_after_erasing_it_says_so(page: Page, contoso: Organization) -> None:
    receipt = receipted(contoso)
    erase_personal([receipt.run.person_id])

    html = page("console:receipt", run=receipt.run_id)

    assert "Personal data was erased" in html
    assert "not valid" not in html
    assert "lovelace" not in html.lower()


def test_a_row_that_was_changed_is_not_shown_as_proof(page: Page, contoso: Organization) -> None:
    receipt = receipted(contoso)
    Receipt.objects.update(body={**receipt.body, "cut_after_ms": 1})

    assert "This receipt is not valid." in page("console:receipt", run=receipt.run_id)


def test_the_file_verifies(contoso: Organization) -> None:
    receipt = receipted(contoso)
    url = reverse("console:receipt_file", kwargs={"organization": contoso.slug, "run": receipt.run_id})

    answer = factories.signed_in(contoso).get(url)

    assert verify_text(answer.content).valid
    assert json.loads(answer.content)[0]["personal"]["display_name"] == "Ada Lovelace"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_without_a_receipt_and_of_strangers_there_is_no_page(contoso: Organization) -> None:
    run = factories.leaver(contoso)
    other = receipted(factories.organization("Fabrikam"))
    browser = factories.signed_in(contoso)
    for pk in (run.pk, other.run_id):
        for view in ("console:receipt", "console:receipt_file"):
            url = reverse(view, kwargs={"organization": contoso.slug, "run": pk})
            assert browser.get(url).status_code == 404
