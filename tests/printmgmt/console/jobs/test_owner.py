"""*This is …*: whose a job is that is nobody's yet, said by an operator and taken back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import OwnerDoubt, Printer, PrintJob
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.people.pages import message_text, verbs
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db

NAME = {"owner_text": "CONTOSO\\ada", "owner_key": "contoso\\ada", "doubt": OwnerDoubt.UNKNOWN}


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada@contoso.example")


@pytest.fixture
def front(contoso: Organization) -> Printer:
    return equipment.printer(equipment.print_server(contoso, name="Lyon"))


@pytest.fixture
def job(front: Printer) -> PrintJob:
    equipment.print_job(front, submitted_at=timezone.now() - timedelta(days=1), **NAME)
    return equipment.print_job(front, **NAME)


def choose(client: Client, job: PrintJob, person: PrintUser) -> str:
    url = reverse("console:job_owner", args=["contoso", job.pk])
    return message_text(client.post(url, {"pick": person.pk}))


def test_the_list_leads_to_a_choice_that_says_what_it_does(page: Page, ada: PrintUser, job: PrintJob) -> None:
    assert reverse("console:job_owner", args=["contoso", job.pk]) in page("console:jobs")

    html = page("console:job_owner", job=job.pk)

    assert "No person prints under this name." in html
    assert "Up to 2 jobs named CONTOSO\\ada are assigned" in html
    assert "Choose ada@contoso.example" in html
    assert "Choose" not in page("console:job_owner", {"q": "nobody"}, job=job.pk).split('id="owner"')[1]


def test_all_jobs_of_the_name_are_assigned_and_undone(
    client: Client, contoso: Organization, ada: PrintUser, job: PrintJob
) -> None:
    told = choose(client, job, ada)

    assert "2 jobs are now assigned to ada@contoso.example." in told
    assert "They print as CONTOSO\\ada from now on." in told
    assert PrintJob.objects.filter(person=ada).count() == 2

    answer = client.post(reverse("console:job_owner_undo", args=["contoso", job.pk]))
    assert message_text(answer).endswith("2 jobs are unassigned again.")
    assert not PrintJob.objects.filter(person=ada).exists()
    assert verbs(contoso) == ["job.claimed", "job.claim-undone"]


def test_a_name_that_someone_else_has_stays_theirs(
    client: Client, page: Page, contoso: Organization, ada: PrintUser, front: Printer
) -> None:
    grace = factories.person(contoso, "grace@contoso.example")
    job = equipment.print_job(
        front, owner_text=ada.user_name, owner_key=ada.user_name_key, doubt=OwnerDoubt.REUSED
    )

    html = page("console:job_owner", {"q": "grace"}, job=job.pk)
    assert "Only this job is assigned: someone else has this name, or had it then." in html

    assert "1 job is now assigned to grace@contoso.example." in choose(client, job, grace)
    job.refresh_from_db()
    assert job.person == grace


@pytest.mark.parametrize("doubt", [OwnerDoubt.HIDDEN, OwnerDoubt.FORGED, OwnerDoubt.MISSING])
def test_without_a_single_name_nobody_can_be_chosen(
    client: Client, page: Page, ada: PrintUser, front: Printer, doubt: OwnerDoubt
) -> None:
    job = equipment.print_job(front, owner_text="ada / bob", doubt=doubt)
    url = reverse("console:job_owner", args=["contoso", job.pk])

    assert url not in page("console:jobs")
    assert "does not name exactly one owner" in message_text(client.get(url))
    assert "does not name exactly one owner" in choose(client, job, ada)


def test_a_job_that_someone_has_already_is_refused(client: Client, ada: PrintUser, job: PrintJob) -> None:
    choose(client, job, ada)

    assert "already belongs to someone" in choose(client, job, ada)
    assert "already belongs to someone" in message_text(
        client.get(reverse("console:job_owner", args=["contoso", job.pk]))
    )


def test_people_and_jobs_of_other_organizations_are_not_chosen(client: Client, job: PrintJob) -> None:
    stranger = factories.person(factories.organization("Fabrikam"))

    assert choose(client, job, stranger) == "Choose a person. No changes were made."
