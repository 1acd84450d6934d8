"""Which jobs of nobody are erased with a person: those under what a server calls them, and only them."""

from itertools import count

import pytest
from django.utils import timezone

from printmgmt.organizations.models import Organization
from printmgmt.people.erasing import known_of
from printmgmt.people.models import PrintUser
from printmgmt.printing.jobs.erasing import erase_jobs
from printmgmt.printing.models import JobState, PrintJob
from tests import factories

pytestmark = pytest.mark.django_db

ADA = "ada@contoso.example"
LONG = "wilhelmina-alexandra.winterbourne@contoso.example"
OTHER_LONG = "wilhelmina-alexandra.winterbourne.two@contoso.example"
CUT = LONG[:32]

_number = count(1)


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


def job_of_nobody(of: Organization, owner: str) -> PrintJob:
    return PrintJob.objects.create(
        organization=of,
        server=factories.print_server(of),
        remote_id=next(_number),
        owner_text=owner,
        owner_key=owner.casefold(),
        title="Letter",
        state=JobState.COMPLETED,
        submitted_at=timezone.now(),
    )


def erased(person: PrintUser, *owners: str) -> list[str]:
    """The owners of those jobs of nobody that are erased with the person."""
    jobs = {job_of_nobody(person.organization, owner).pk: owner for owner in owners}
    erase_jobs(person.organization, known_of([person]), timezone.now())
    gone = PrintJob.objects.filter(pk__in=jobs, anonymised_at__isnull=False)
    assert not gone.exclude(owner_text="", owner_key="", title="").exists()
    return [jobs[pk] for pk in gone.order_by("pk").values_list("pk", flat=True)]


def test_the_whole_name_its_local_part_and_what_is_left_of_it_in_32_bytes(contoso: Organization) -> None:
    ada, long = factories.person(contoso, ADA), factories.person(contoso, LONG)

    assert erased(ada, ADA, "Ada", "adam", "bob") == [ADA, "Ada"]
    assert erased(long, LONG, CUT, CUT[:-1]) == [LONG, CUT]


def test_what_someone_living_is_called_stays(contoso: Organization) -> None:
    ada, long = factories.person(contoso, ADA), factories.person(contoso, LONG)
    factories.person(contoso, "ada@fabrikam.example")
    factories.person(contoso, OTHER_LONG)

    assert erased(ada, ADA, "ada") == [ADA]
    assert erased(long, LONG, CUT) == [LONG]


def test_jobs_of_another_organization_stay(contoso: Organization) -> None:
    theirs = job_of_nobody(factories.organization("Fabrikam"), ADA)

    assert erased(factories.person(contoso, ADA), ADA) == [ADA]
    theirs.refresh_from_db()
    assert theirs.owner_text == ADA
