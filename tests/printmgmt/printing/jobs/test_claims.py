"""*This is …*: nobody's jobs become a person's, with the name, and back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.exceptions import PersonGone
from printmgmt.people.models import PrintAlias, PrintUser
from printmgmt.people.names import name_key
from printmgmt.printing.jobs.claims import claim_job, undo_claim
from printmgmt.printing.jobs.errors import AlreadySomebodys, NoNameToClaim, NotClaimed
from printmgmt.printing.jobs.matching import match_jobs, nobodys_jobs
from printmgmt.printing.models import JobState, OwnerDoubt, PrintJob, PrintServer
from tests import factories

BY = factories.TESTER
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada@contoso.example")


def job_of(of: Organization, owner: str, hour: int = 0, **columns: Any) -> PrintJob:
    """A job that nobody was found for, so many hours after noon."""
    server, _made = PrintServer.objects.get_or_create(
        organization=of, defaults={"name": "Hall", "uri": "ipp://print.contoso.example/"}
    )
    columns = {
        "owner_key": name_key(owner),
        "doubt": OwnerDoubt.UNKNOWN,
        "state": JobState.HELD,
        "remote_id": server.jobs.count() + 1,
        "submitted_at": NOON + timedelta(hours=hour),
    } | columns
    return PrintJob.objects.create(organization=of, server=server, owner_text=owner, **columns)


def owners(*jobs: PrintJob) -> list[object]:
    found = PrintJob.objects.in_bulk([job.pk for job in jobs])
    return [found[job.pk].person_id or found[job.pk].doubt for job in jobs]


@pytest.mark.both_databases
def test_a_claim_gives_the_name_and_all_jobs_under_it(contoso: Organization, ada: PrintUser) -> None:
    past = job_of(contoso, "workstation7", -5, state=JobState.COMPLETED)
    job, later = job_of(contoso, "workstation7"), job_of(contoso, "WORKSTATION7", 5)
    other = job_of(contoso, "workstation8")
    elsewhere = job_of(factories.organization("Fabrikam"), "workstation7")

    claim = claim_job(job, ada, by=BY)

    assert owners(past, job, later) == [ada.pk] * 3
    assert owners(other, elsewhere) == [OwnerDoubt.UNKNOWN] * 2
    assert job.person == ada
    assert claim.jobs == 3
    alias = ada.aliases.get(claimed=True)
    assert (alias.value, alias.source, alias.valid_from) == ("workstation7", BY.source, past.submitted_at)
    assert alias.valid_until is None
    assert claim.alias == alias
    event = AuditEvent.objects.get(verb="job.claimed")
    assert (event.object_type, event.object_id) == ("person", str(ada.pk))
    assert event.details is not None
    assert event.details["name"] == "workstation7"
    assert event.details["jobs"] == 3
    assert "title" not in event.details


def test_a_claim_taken_back_leaves_the_jobs_as_they_were(contoso: Organization, ada: PrintUser) -> None:
    job, other = job_of(contoso, "workstation7"), job_of(contoso, "workstation7", 5)
    own = job_of(contoso, "ada", person=ada, doubt="")
    claim_job(job, ada, by=BY)

    assert undo_claim(job, by=BY) == 2

    assert owners(job, other, own) == [OwnerDoubt.UNKNOWN, OwnerDoubt.UNKNOWN, ada.pk]
    assert not PrintAlias.objects.filter(claimed=True).exists()
    assert AuditEvent.objects.filter(verb="job.claim-undone", object_id=str(ada.pk)).count() == 1
    for nothing in (job, own):
        with pytest.raises(NotClaimed):
            undo_claim(nothing, by=BY)


def test_a_local_part_of_two_people_can_be_claimed(contoso: Organization, ada: PrintUser) -> None:
    factories.person(contoso, "ada@fabrikam.example")
    job = job_of(contoso, "ada", doubt=OwnerDoubt.AMBIGUOUS)
    match_jobs(contoso, nobodys_jobs(contoso))
    assert owners(job) == [OwnerDoubt.AMBIGUOUS]

    claim_job(job, ada, by=BY)

    assert owners(job) == [ada.pk]


def test_a_name_that_somebody_has_now_is_claimed_for_one_job_only(
    contoso: Organization, ada: PrintUser
) -> None:
    factories.person(contoso, "bob@contoso.example")
    job = job_of(contoso, "bob@contoso.example", doubt=OwnerDoubt.REUSED)
    other = job_of(contoso, "bob@contoso.example", doubt=OwnerDoubt.REUSED)

    claim = claim_job(job, ada, by=BY)

    assert claim.alias is None
    assert claim.jobs == 1
    assert owners(job, other) == [ada.pk, OwnerDoubt.REUSED]
    undo_claim(job, by=BY)
    assert owners(job) != [ada.pk]


def test_a_claimed_name_begins_when_somebody_else_lost_it(contoso: Organization, ada: PrintUser) -> None:
    bob = factories.person(contoso, "bob@contoso.example")
    PrintAlias.objects.create(
        organization=contoso,
        person=bob,
        value="workstation7",
        value_key="workstation7",
        valid_from=NOON - timedelta(days=9),
        valid_until=NOON - timedelta(hours=1),
    )
    before, job = job_of(contoso, "workstation7", -2), job_of(contoso, "workstation7")

    claim = claim_job(job, ada, by=BY)

    assert claim.alias is not None
    assert claim.alias.valid_from == NOON - timedelta(hours=1)
    assert owners(before, job) == [OwnerDoubt.REUSED, ada.pk]


@pytest.mark.parametrize("doubt", [OwnerDoubt.HIDDEN, OwnerDoubt.MISSING, OwnerDoubt.FORGED])
def test_a_job_without_one_name_cannot_be_claimed(
    contoso: Organization, ada: PrintUser, doubt: OwnerDoubt
) -> None:
    job = job_of(contoso, "anonymous", owner_key="", doubt=doubt)

    with pytest.raises(NoNameToClaim):
        claim_job(job, ada, by=BY)


def test_a_job_of_somebody_or_of_next_door_cannot_be_claimed(contoso: Organization, ada: PrintUser) -> None:
    bob = factories.person(contoso, "bob@contoso.example")
    stale = job_of(contoso, "workstation7")
    claim_job(PrintJob.objects.get(pk=stale.pk), bob, by=BY)
    with pytest.raises(AlreadySomebodys):
        claim_job(stale, ada, by=BY)
    with pytest.raises(NoNameToClaim):
        claim_job(job_of(factories.organization("Fabrikam"), "ada"), ada, by=BY)
    assert owners(stale) == [bob.pk]


def test_nobody_removed_gets_a_name(contoso: Organization, ada: PrintUser) -> None:
    leaving.suspend(ada, by=BY)
    claim_job(job_of(contoso, "workstation7"), ada, by=BY)
    leaving.remove(ada, by=BY)

    with pytest.raises(PersonGone):
        claim_job(job_of(contoso, "workstation8"), ada, by=BY)


def test_people_who_come_later_get_the_jobs_that_are_nobodys(contoso: Organization) -> None:
    job, other = job_of(contoso, "ada@contoso.example"), job_of(contoso, "bob@contoso.example")
    forged = job_of(contoso, "ada / bob", owner_key="", doubt=OwnerDoubt.FORGED)
    ada = factories.person(contoso, "ada@contoso.example")

    assert match_jobs(contoso, nobodys_jobs(contoso)) == 1

    assert owners(job, other, forged) == [ada.pk, OwnerDoubt.UNKNOWN, OwnerDoubt.FORGED]
    assert match_jobs(contoso, nobodys_jobs(contoso)) == 0


@pytest.mark.parametrize("number", [3, 900])
def test_matching_again_costs_the_same_for_any_number_of_jobs(
    contoso: Organization, number: int, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        job_of(contoso, f"somebody{place}" if place else "ada", remote_id=place + 1)
    ada = factories.person(contoso, "ada@contoso.example")

    with django_assert_num_queries(4):  # the jobs, two looks for names, the change
        match_jobs(contoso, nobodys_jobs(contoso))

    assert ada.jobs.count() == 1
