"""The timeline of a person: what it joins, its order, its pages, its cost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from printmgmt.audit.actors import system
from printmgmt.audit.models import AuditEvent
from printmgmt.audit.services import details_digest, erase_details, record
from printmgmt.console.shell.timeline import timeline
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card
from printmgmt.people.devices import enrol_device
from printmgmt.people.models import PrintUser
from printmgmt.people.services import update_person
from scim_sync.models import Action, ProvisioningEvent, Result
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.people.pages import HOSTILE, address

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def happened(person: PrintUser, count: int, *, every: timedelta = timedelta(minutes=1)) -> None:
    """Audit events about a person, ``every`` so long, at the end of all that happened."""
    begin = timezone.now() + timedelta(hours=1)
    AuditEvent.objects.bulk_create(
        AuditEvent(
            organization=person.organization,
            at=begin + every * number,
            actor_kind="system",
            verb=f"test.{number}",
            object_type="person",
            object_id=str(person.pk),
            details={"actor": "tests", "object": ""},
            salt=b"salt",
            digest=details_digest(b"salt", {}),
        )
        for number in range(count)
    )


def add_sync_event(person: PrintUser, count: int = 1, **fields: object) -> None:
    installation = factories.installed(person.organization)
    values = {"action": Action.UPDATE, "result": Result.OK, "status": 200, "method": "PATCH", **fields}
    ProvisioningEvent.objects.bulk_create(
        ProvisioningEvent(installation=installation, person=person, path="/scim/v2/", **values)
        for _each in range(count)
    )


def test_it_joins_audit_runs_steps_and_the_directory_newest_first(contoso: Organization) -> None:
    person = factories.person(contoso)
    set_card(person, "CARD-4711", by=factories.TESTER)
    enrol_device(person, "laptop", by=factories.TESTER)
    factories.leaver(contoso, who=person)
    add_sync_event(person)

    entries = timeline(person, size=50).entries

    titles = [str(entry.title) for entry in entries]
    assert titles[0] == "Directory: Update"
    assert titles[-1] == "Person added"
    assert {"Card assigned", "Device enrolled", "Suspended", "Access ended: suspended"} <= set(titles)
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)


def test_a_step_that_did_something_is_called_as_on_the_run(page: Page, contoso: Organization) -> None:
    person = factories.person(contoso)
    record(contoso, "person.updated", by=system("hold-jobs"), object_type="person", object_id=person.pk)

    assert timeline(person, size=1).entries[0].by == "Hold waiting print jobs"
    assert "Hold waiting print jobs" in page("console:audit")


def test_it_shows_old_and_new_in_the_words_of_the_page(page: Page, contoso: Organization) -> None:
    person = factories.person(contoso, department="Analysis")
    update_person(person, {"department": "Engines"}, by=factories.TESTER)

    html = page("console:person", person=person.pk)

    assert "<dt>Department</dt>" in html
    assert '<del><bdi class="breakable">Analysis</bdi></del>' in html
    assert '<ins><bdi class="breakable">Engines</bdi></ins>' in html


def test_it_is_about_this_person_only(contoso: Organization) -> None:
    person, other = factories.person(contoso), factories.person(contoso)
    enrol_device(other, "other's laptop", by=factories.TESTER)
    factories.leaver(contoso, who=other)
    add_sync_event(other)

    assert [str(entry.title) for entry in timeline(person, size=50).entries] == ["Person added"]


def test_pages_leave_nothing_out_and_repeat_nothing(contoso: Organization) -> None:
    person = factories.person(contoso)
    happened(person, 30)
    happened(person, 7, every=timedelta(0))  # of one moment: never torn apart

    seen: list[tuple[datetime, str]] = []
    found = timeline(person, size=5)
    while True:
        seen += [(entry.at, str(entry.title)) for entry in found.entries]
        if found.earlier is None:
            break
        found = timeline(person, size=5, before=found.earlier)

    assert len(seen) == len(set(seen)) == 38


def test_show_what_came_before_leads_to_the_next_page(client: Client, contoso: Organization) -> None:
    person = factories.person(contoso)
    happened(person, 20)

    first = client.get(address(person, "person")).content.decode()
    link = first.partition(f'href="{address(person, "person_timeline")}')[2].partition('"')[0]
    second = client.get(address(person, "person_timeline") + link).content.decode()

    assert "test.19" in first
    assert "Person added" not in first
    assert "Person added" in second
    assert "test.19" not in second


@pytest.mark.parametrize("before", ["", "yesterday", "2026-13-45T00:00:00Z", "2026-01-01T00:00:00", "\0"])
def test_a_moment_that_is_none_means_now(client: Client, contoso: Organization, before: str) -> None:
    person = factories.person(contoso)

    answer = client.get(address(person, "person_timeline"), {"before": before})

    assert "Person added" in answer.content.decode()


def test_erased_details_leave_the_fact(page: Page, contoso: Organization) -> None:
    person = factories.person(contoso)
    erase_details(AuditEvent.objects.filter(object_id=str(person.pk)))

    assert "Person added" in page("console:person", person=person.pk)


def test_hostile_values_stay_text(page: Page, contoso: Organization) -> None:
    person = factories.person(contoso, display_name=HOSTILE)
    enrol_device(person, "<img src=x>", by=factories.TESTER)
    update_person(person, {"department": HOSTILE}, by=factories.TESTER)
    add_sync_event(
        person, detail=HOSTILE, changes=[{"attribute": "title", "old": None, "new": "<script>alert(1)"}]
    )

    html = page("console:person", person=person.pk)

    assert "<script>alert" not in html
    assert "<img src=x>" not in html


@pytest.mark.parametrize("rows", [3, 3_000])
def test_its_queries_do_not_depend_on_its_length(
    contoso: Organization, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    person = factories.person(contoso)
    happened(person, rows)
    add_sync_event(person, rows)
    person = PrintUser.objects.select_related("organization").get(pk=person.pk)

    with django_assert_num_queries(8):  # two of the provisioning log: events and repeated ones
        timeline(person, size=50)
