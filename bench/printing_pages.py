"""Times pages about printing for `bench.printing --pages`: searches, filters, sorts, next pages, files."""

import os
import re
import statistics
import time
from pathlib import Path
from typing import Any

REPEATS = 7
SLOW = 300.0
"""Milliseconds of the processor, ours and the database's together, above which a page is marked."""


def time_pages(organization: Any, owner: Any) -> None:
    """Time each page as the owner of the organization sees it."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(owner)
    with connection.cursor() as cursor:
        # The processor time of another process would not be counted.
        cursor.execute("SET max_parallel_workers_per_gather TO 0")
    print(f"{'page':<58}{'clock':>8}{'Python':>8}{'database':>10}{'queries':>9}")
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
    yield "Jobs: file, its beginning", page("jobs", "?export=csv")
    yield "Jobs: file of held ones, its beginning", page("jobs", "?export=csv&state=held")
    yield "Print servers", page("print_servers")
    yield "A print server", page("print_server", server=printer.server_id)
    yield from _of_leavers(page)


def _of_leavers(page: Any) -> Any:
    for what, query in {
        "": "",
        "page 500": "page=500",
        "last page": "page=1000",
        "the oldest first": "sort=ended",
        "need attention": "state=attention",
        "waiting, of which there are none": "state=waiting",
        "finished": "state=finished",
        "removed": "trigger=removed",
        "part of a name": "q=leaver+77",
        "all by name": "q=leaver",
        "a name nobody has": "q=zzz",
    }.items():
        yield f"Leavers: {what}", page("leavers", f"?{query}")
    yield "Leavers: file, its beginning", page("leavers", "?export=csv")
    for what, query in {
        "30 days": "",
        "a year": "since=2020-01-01",
        "a year, part of a name": "since=2020-01-01&q=leaver+77",
        "a year, a sample of 25": "since=2020-01-01&sample=25&seed=1",
    }.items():
        yield f"Report: {what}", page("leavers_report", f"?{query}")
    yield "Report: print view of a year", page("leavers_report_print", "?since=2020-01-01")
    yield "Report: file of a year, its beginning", page("leavers_report", "?since=2020-01-01&export=csv")
    for what, query in {
        "all": "",
        "all, if removed": "trigger=removed",
        "last page": "page=200",
        "a person": "q=person7777",
        "part of a name": "q=person77",
        "the last by name first": "sort=-name",
    }.items():
        yield f"Preview leaving: {what}", page("leaving_preview", f"?{query}")
    yield "Preview leaving: file, its beginning", page("leaving_preview", "?export=csv")


def _time(client: Any, name: str, url: str) -> None:
    """Time a page and up to two next pages of it."""
    for depth in range(3):
        timed = Timed(client, url)
        label = name + (f", next page {depth}" if depth else "")
        print(f"{label:<58}{timed}", flush=True)
        older = re.search(rb'href="(\?[^"]*before=[^"]*)"', timed.body)
        if older is None or timed.is_slow:
            return
        url = url.partition("?")[0] + older[1].decode().replace("&amp;", "&")


class Timed:
    """A page, asked for twice to warm up and to count queries, then some times more; milliseconds."""

    def __init__(self, client: Any, url: str) -> None:
        from django.db import connection  # noqa: PLC0415
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

        self.body = _body(client, url)
        with CaptureQueriesContext(connection) as captured:
            _body(client, url)
        self.queries = len(captured)
        clock: list[float] = []
        python, database = time.process_time(), database_seconds()
        for _repeat in range(REPEATS):
            began = time.perf_counter()
            _body(client, url)
            clock.append((time.perf_counter() - began) * 1000)
        self.clock = statistics.median(clock)
        self.python = (time.process_time() - python) * 1000 / REPEATS
        self.database = (database_seconds() - database) * 1000 / REPEATS

    @property
    def is_slow(self) -> bool:
        return self.python + self.database > SLOW

    def __str__(self) -> str:
        times = f"{self.clock:>8.0f}{self.python:>8.0f}{self.database:>10.0f}"
        return f"{times}{self.queries:>9}{'  slow' if self.is_slow else ''}"


def database_seconds() -> float:
    """Seconds of the processor that the process behind our connection took so far (proc(5), Linux)."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _body(client: Any, url: str) -> bytes:
    """The page, or the beginning of a file."""
    response = client.get(url)
    if response.status_code != 200:  # noqa: PLR2004
        raise SystemExit(f"{url}: {response.status_code}")
    if not response.streaming:
        return bytes(response.content)
    beginning: bytes = next(iter(response.streaming_content))
    response.close()
    return beginning
