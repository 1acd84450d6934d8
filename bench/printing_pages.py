"""Times pages about printing for `bench.printing --pages`: searches, filters, sorts, next pages, files."""

import re
import statistics
import time
from typing import Any

REPEATS = 7
SLOW = 300.0
"""Milliseconds above which a page is marked."""

QUEUES = """
INSERT INTO printing_printer (
    id, organization_id, server_id, name, uri, uuid, is_class, info, location, make_model, state,
    state_reasons, state_message, accepting, op_policy, hold_default, last_seen_at, stops_again, hold_problem)
SELECT gen_random_uuid(), server.organization_id, server.id, 'queue' || n, 'ipp://bench/printers/queue' || n,
    '', false, 'Queue ' || n, 'Floor ' || n % 9, 'Model ' || n % 5, CASE WHEN n % 20 = 0 THEN 5 ELSE 3 END,
    '[]', '', true, '', '', now(), false, ''
FROM printing_printserver AS server CROSS JOIN generate_series(1, 40) AS n
"""
PAST_AT_QUEUES = """
UPDATE printing_printjob SET printer_id = printer.id FROM printing_printer AS printer
WHERE printer.server_id = printing_printjob.server_id AND printer.name = 'queue' || remote_id % 40 + 1
"""
WAITING = """
INSERT INTO printing_printjob (
    organization_id, server_id, printer_id, generation, remote_id, job_uuid, owner_text, owner_key, doubt,
    person_id, title, state, state_reasons, hold_until, submitted_at, seen_at, held_by_step, held_by,
    hold_until_before, holds_lost)
SELECT organization_id, server_id, printer_id, 1, 1000000 + remote_id, '', owner_text, owner_key, doubt,
    person_id, title, CASE WHEN remote_id %% 3 = 0 THEN 3 ELSE 4 END, '[]', 'indefinite',
    now() - remote_id * interval '10 minutes', now(), '', '', '', 0
FROM printing_printjob WHERE remote_id <= %(each)s
"""


def time_pages(organization: Any, owner: Any, *, waiting: int) -> None:
    """Give each server 40 queues, ``waiting`` waiting jobs and its past jobs a queue, then time each page."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(QUEUES)
        cursor.execute(PAST_AT_QUEUES)
        cursor.execute(WAITING, {"each": waiting})
        cursor.execute("VACUUM ANALYZE")  # autovacuum is off in this cluster
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(owner)
    print(f"{'page':<58}{'p50 ms':>8}{'max ms':>8}{'SQL ms':>8}{'queries':>9}")
    for name, url in _pages(organization):
        _time(client, name, url)


def _pages(organization: Any) -> Any:
    from django.urls import reverse  # noqa: PLC0415

    from printmgmt.people.models import PrintUser  # noqa: PLC0415
    from printmgmt.printing.models import Printer, PrintJob  # noqa: PLC0415

    jobs = PrintJob.objects.filter(organization=organization)
    middle = jobs.order_by("-submitted_at", "-id")[jobs.count() // 2]
    person = PrintUser.objects.filter(organization=organization, jobs__state=4).first()
    assert person is not None
    printer = Printer.objects.filter(organization=organization).order_by("name", "id")[700]
    day = f"{middle.submitted_at:%Y-%m-%d}"

    def page(name: str, query: str = "", **where: object) -> str:
        return reverse(f"console:{name}", kwargs={"organization": organization.slug, **where}) + query

    yield "Dashboard", page("dashboard")
    for what, query in {
        "": "",
        "a person (500 or so jobs)": "q=person77",
        "all people": "q=person",
        "part of a name of 11 people": "q=person777",
        "a whole user name": "q=person77%40contoso.example",
        "a name nobody has": "q=zzz",
        "a job number": "q=777",
        "all printers of a name": "q=queue17",
        "not finished": "state=open",
        "waiting": "state=waiting",
        "held": "state=held",
        "printing, of which there are none": "state=printing",
        "finished": "state=over",
        "unassigned": "owner=nobody",
        "unassigned, not finished": "owner=nobody&state=open",
        "unassigned, printing": "owner=nobody&state=printing",
        "one server": f"server={printer.server_id}",
        "one server, held": f"server={printer.server_id}&state=held",
        "one server, unassigned": f"server={printer.server_id}&owner=nobody",
        "one server, a person": f"server={printer.server_id}&q=person77",
        "one server, printing": f"server={printer.server_id}&state=printing",
        "one printer": f"printer={printer.pk}",
        "one printer, finished": f"printer={printer.pk}&state=over",
        "one printer, unassigned": f"printer={printer.pk}&owner=nobody",
        "one person": f"person={person.pk}",
        "one person, unassigned (nothing)": f"person={person.pk}&owner=nobody",
        "a day": f"since={day}&until={day}",
        "a day, unassigned": f"since={day}&until={day}&owner=nobody",
        "a day, not finished (nothing)": f"since={day}&until={day}&state=open",
        "all people, held": "q=person&state=held",
    }.items():
        yield f"Jobs: {what}", page("jobs", f"?{query}")
    for what, query in {
        "": "",
        "last page": "page=40",
        "by name, backwards": "sort=-name",
        "needs attention": "state=attention",
        "stopped": "state=stopped",
        "one server": f"server={printer.server_id}",
        "a location": "q=floor+7",
    }.items():
        yield f"Printers: {what}", page("printers", f"?{query}")
    yield "Printers: file", page("printers", "?export=csv")
    yield "A printer", page("printer", printer=printer.pk)
    yield "A person", page("person", person=person.pk)
    yield "Print servers", page("print_servers")
    yield "A print server", page("print_server", server=printer.server_id)


def _time(client: Any, name: str, url: str) -> None:
    """Time a page and up to two next pages of it."""
    for depth in range(3):
        times, sql, queries, body = _timed(client, url)
        slow = "  slow" if statistics.median(times) > SLOW else ""
        label = name + (f", next page {depth}" if depth else "")
        print(
            f"{label:<58}{statistics.median(times):>8.0f}{max(times):>8.0f}{sql:>8.0f}{queries:>9}{slow}",
            flush=True,
        )
        if slow:
            return
        older = re.search(rb'href="(\?[^"]*before=[^"]*)"', body)
        if older is None:
            return
        url = url.partition("?")[0] + older[1].decode().replace("&amp;", "&")


def _timed(client: Any, url: str) -> tuple[list[float], float, int, bytes]:
    """Return the milliseconds of each repetition after a warm-up, those in the database, queries, the page."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as captured:
        body = _body(client, url)
    times: list[float] = []
    while len(times) < REPEATS and sum(times) < 10_000:  # noqa: PLR2004
        began = time.perf_counter()
        _body(client, url)
        times.append((time.perf_counter() - began) * 1000)
    sql = sum(float(query["time"]) * 1000 for query in captured.captured_queries)
    return times, sql, len(captured), body


def _body(client: Any, url: str) -> bytes:
    response = client.get(url)
    if response.status_code != 200:  # noqa: PLR2004
        raise SystemExit(f"{url}: {response.status_code}")
    return b"".join(response.streaming_content) if response.streaming else response.content
