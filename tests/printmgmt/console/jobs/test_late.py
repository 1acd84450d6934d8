"""Jobs that were sent after their owner had left: on the pages about the person, the run and the jobs."""

import pytest
from django.urls import reverse

from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import JobState
from tests import factories
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(contoso: Organization) -> DeprovisionRun:
    """Of a person under whose names two jobs came later, beside one from before and one of someone else."""
    run = factories.leaver(contoso, who=factories.person(contoso, "ada@contoso.example"))
    at = equipment.printer(equipment.print_server(contoso))
    equipment.print_job(at, run.person, remote_id=9001)
    equipment.print_job(at, run.person, remote_id=9002, late_for_run=run.pk)
    equipment.print_job(at, run.person, remote_id=9003, late_for_run=run.pk, state=JobState.COMPLETED)
    equipment.print_job(at, factories.person(contoso), remote_id=9004)
    return run


@pytest.mark.parametrize("view", ["console:person", "console:run"])
def test_person_and_run_count_them(contoso: Organization, run: DeprovisionRun, view: str) -> None:
    named = {"person": run.person_id} if view == "console:person" else {"run": run.pk}
    browser = factories.signed_in(contoso)

    html = browser.get(reverse(view, kwargs={"organization": contoso.slug, **named})).content.decode()

    text = " ".join(html.split())
    assert "2 print jobs were sent under this person's names after access had ended." in text
    assert "Printed: 1." in html
    assert "Held or waiting: 1." in html
    assert f"?person={run.person_id}&amp;owner=left" in html


def test_nothing_is_said_where_none_came(contoso: Organization) -> None:
    run = factories.leaver(contoso)
    browser = factories.signed_in(contoso)
    for view, named in (("console:person", {"person": run.person_id}), ("console:run", {"run": run.pk})):
        html = browser.get(reverse(view, kwargs={"organization": contoso.slug, **named})).content.decode()
        assert "after access had ended" not in html


def test_the_list_of_jobs_shows_them_alone(contoso: Organization, run: DeprovisionRun) -> None:
    browser = factories.signed_in(contoso)
    response = browser.get(
        reverse("console:jobs", args=[contoso.slug]), {"owner": "left", "person": run.person_id}
    )
    assert {job.remote_id for job in response.context["rows"]} == {9002, 9003}
    assert "Sent after its owner had left." in response.content.decode()


def test_the_report_names_them_as_an_exception(contoso: Organization, run: DeprovisionRun) -> None:
    browser = factories.signed_in(contoso)
    html = browser.get(reverse("console:leavers_report", args=[contoso.slug])).content.decode()
    assert "Print jobs sent after leaving: 2" in html
