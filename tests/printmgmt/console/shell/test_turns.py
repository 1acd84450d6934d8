"""A file of a list that only grows: every row once, whatever comes or goes while it is downloaded."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from printmgmt.console.shell import turns
from printmgmt.console.shell.turns import InTurns
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import PrintJob
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.both_databases


@pytest.fixture
def jobs(contoso: Organization, monkeypatch: pytest.MonkeyPatch) -> list[PrintJob]:
    """Seven jobs, the newest first, three of one moment; four are read in a turn."""
    monkeypatch.setattr(turns, "TURN", 4)
    at = equipment.printer(equipment.print_server(contoso))
    hours = (1, 2, 5, 5, 5, 3, 9)
    now = timezone.now()
    made = [equipment.print_job(at, submitted_at=now - timedelta(hours=number)) for number in hours]
    return sorted(made, key=lambda job: (job.submitted_at, job.pk), reverse=True)


@pytest.mark.parametrize("moment", ["submitted_at", ""])
def test_every_row_once_the_newest_first_in_two_statements(jobs: list[PrintJob], moment: str) -> None:
    expected = jobs if moment else sorted(jobs, key=lambda job: -job.pk)

    with CaptureQueriesContext(connection) as captured:
        found = list(InTurns(PrintJob.objects.all(), moment).iterator(chunk_size=2))

    assert found == expected
    assert len(captured) == 2


def test_what_comes_or_goes_meanwhile_moves_no_other_row(jobs: list[PrintJob]) -> None:
    rows = InTurns(PrintJob.objects.all(), "submitted_at").iterator(chunk_size=2)
    found = [next(rows) for _row in range(3)]
    equipment.print_job(equipment.printer(jobs[0].server))
    PrintJob.objects.filter(pk=jobs[5].pk).delete()

    assert [*found, *rows] == [*jobs[:5], jobs[6]]


def test_a_whole_turn_is_not_the_end_and_none_is(jobs: list[PrintJob]) -> None:
    PrintJob.objects.filter(pk__in=[job.pk for job in jobs[4:]]).delete()

    assert list(InTurns(PrintJob.objects.all(), "submitted_at").iterator(chunk_size=2)) == jobs[:4]
    assert list(InTurns(PrintJob.objects.none(), "submitted_at").iterator(chunk_size=2)) == []
