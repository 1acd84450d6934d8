"""The leavers report: who left between two days, what did not go well, samples, and the directory's count."""

import csv
import gc
import io
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from printmgmt.console.leavers.sampling import draw
from printmgmt.console.shell.export import CHUNK
from printmgmt.console.shell.extensions import DirectoryLeavings
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, StepState, Trigger
from printmgmt.organizations.models import Organization
from tests import factories, many

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def report(browser: Client, of: Organization, view: str = "console:leavers_report", **query: object) -> str:
    url = reverse(view, kwargs={"organization": of.slug})
    response = browser.get(url, query, follow=True)  # to the address with its seed
    assert response.status_code == 200
    return b"".join(response).decode() if response.streaming else response.content.decode()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def left_on(of: Organization, at: datetime, name: str) -> DeprovisionRun:
    with time_machine.travel(at, tick=True):
        return factories.leaver(of, who=factories.person(of, f"{name}@contoso.example"))


def test_days_are_those_of_the_organization(contoso: Organization) -> None:
    Organization.objects.filter(pk=contoso.pk).update(time_zone="Europe/Paris")
    left_on(contoso, datetime(2026, 3, 9, 22, 59, 50, tzinfo=UTC), "before")  # 23:59:50 in Paris
    left_on(contoso, datetime(2026, 3, 9, 23, 0, 10, tzinfo=UTC), "first")
    left_on(contoso, datetime(2026, 3, 10, 22, 59, 40, tzinfo=UTC), "last")
    left_on(contoso, datetime(2026, 3, 10, 23, 0, 10, tzinfo=UTC), "after")
    browser = factories.signed_in(contoso)

    html = report(browser, contoso, since="2026-03-10", until="2026-03-10")

    shown = [name for name in ("before", "first", "last", "after") if f"{name}@contoso.example" in html]
    assert shown == ["first", "last"]


def test_exceptions_and_restored_ones_are_named(contoso: Organization) -> None:
    run = factories.leaver(contoso, Trigger.REMOVED)
    run.steps.filter(name="notify-administrators").update(state=StepState.ATTENTION)
    back = factories.leaver(contoso)
    leaving.restore(back.person, by=factories.TESTER)

    found = rows(report(factories.signed_in(contoso), contoso, export="csv"))

    assert [row["Exceptions"] for row in found] == ["Restored", "Email administrators: Needs attention"]
    assert found[1]["Run"] == str(run.pk)


def test_another_organization_is_not_in_it(contoso: Organization) -> None:
    other = factories.leaver(factories.organization("Fabrikam"))
    browser = factories.signed_in(contoso)
    for view in ("console:leavers_report", "console:leavers_report_print"):
        assert other.person.user_name not in report(browser, contoso, view)
    assert rows(report(browser, contoso, export="csv")) == []


def test_a_sample_is_drawn_again_by_its_seed(contoso: Organization) -> None:
    for _each in range(8):
        factories.leaver(contoso)
    browser = factories.signed_in(contoso)

    first, again, other = (
        [row["Run"] for row in rows(report(browser, contoso, sample=3, seed=seed, export="csv"))]
        for seed in ("7", "7", "audit")
    )

    assert len(first) == 3
    assert first == again
    assert first != other
    assert "drawn with the seed" in report(browser, contoso, sample=3)


def test_every_id_can_be_drawn_and_none_twice() -> None:
    ids = [UUID(int=number) for number in range(50)]
    assert sorted(draw(iter(ids), 99, "x")) == ids
    drawn = {pk for seed in range(60) for pk in draw(ids, 5, str(seed))}
    assert drawn == set(ids)
    assert draw([*reversed(ids)], 5, "x") == draw(ids, 5, "x")
    assert draw([], 5, str(uuid4())) == []


@pytest.mark.parametrize("people", [1, 3])
def test_queries_do_not_grow_with_people(
    contoso: Organization, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = factories.signed_in(contoso)
    for _each in range(people):
        factories.leaver(contoso)
    report(browser, contoso)
    with django_assert_num_queries(10):
        report(browser, contoso)


def test_what_is_not_explained_is_said() -> None:
    found = DirectoryLeavings("Entra", disabled=7, deleted=2, started=6, differences=(("idle", 2),))
    assert found.unexplained == 1


def test_days_that_are_none_and_the_ends_of_the_calendar_get_a_page(contoso: Organization) -> None:
    browser = factories.signed_in(contoso)
    for day in ("x", "0001-01-01", "9999-12-31", ""):
        assert "Leavers report" in report(browser, contoso, since=day, until=day, sample="x", seed="\0")


def test_the_print_view_is_french_for_who_reads_french(contoso: Organization) -> None:
    run = left_on(contoso, datetime(2026, 3, 10, 12, tzinfo=UTC), "ada")
    run.steps.filter(name="notify-administrators").update(state=StepState.ATTENTION)
    reader = factories.administrator(contoso)
    reader.account.language = "fr"
    reader.account.save(update_fields=["language"])
    days = {"since": "2026-03-01", "until": "2026-03-31"}

    html = report(factories.entered(reader.account), contoso, "console:leavers_report_print", **days)

    assert '<html lang="fr"' in html
    for text in ("Rapport", "ada@contoso.example", "10 mars 2026"):
        assert text in html
    assert "il y a" not in html.partition("<table")[2]  # moments, not how long ago
    for text in ("Leavers report", "Access ended", "Needs attention", "Exceptions</th>"):
        assert text not in html


def test_a_file_of_many_rows_is_made_in_pieces_and_keeps_none_of_them(contoso: Organization) -> None:
    """Rows are read by the thousand and given away: what is in memory does not grow with their number."""
    many.leavers(contoso, range(3_000))
    browser = factories.signed_in(contoso)
    url = reverse("console:leavers_report", kwargs={"organization": contoso.slug})
    days = {"since": "2000-01-01", "until": "2100-01-01", "export": "csv"}

    answer = browser.get(url, days)
    assert answer.streaming
    most, rows, pieces = 0, 0, 0
    for piece in answer:
        pieces += 1
        rows += piece.count(b"\n")
        most = max(most, sum(type(kept) is DeprovisionRun for kept in gc.get_objects()))

    assert (rows, pieces > 3) == (3_001, True)
    assert most <= 2 * CHUNK
