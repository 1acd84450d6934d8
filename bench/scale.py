"""Times the console and SCIM beside very many rows: `python -m bench.scale --factor 0.01`.

At factor 1 there are 1,000,000 people in 1,000 organizations of very different size, one group of 100,000
members, 3,300,000 events of the directory and 5,000,000 audit events. Its own PostgreSQL (settings of a test:
no fsync), everything in this process. Every page of the console that needs no other row than those; SCIM
requests in an organization of 1,000 people; the pruning of the log and the sealing of the audit trail;
statements that read a large table in whole. Compare SCIM with `--factor 0.001`.
"""

import argparse
import logging
import re
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from bench import scim_kinds
from bench.database import own_database
from bench.plans import statements, whole_reads
from bench.printing_pages import database_seconds
from bench.scim_kinds import Directory

A_DAY = 110_000
"""Events of a day that pruning and sealing have to keep up with."""
SLOW = 300.0
"""Milliseconds of the processor, ours and the database's, above which a page is marked."""
REPEATS = 20
SCIM_REQUESTS = 100
HOST = "testserver"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale")
    parser.add_argument("--factor", type=float, default=0.01)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    wanted = parser.parse_args()
    with own_database(ALLOWED_HOSTS=f"{HOST},127.0.0.1"):
        logging.disable()  # of pages that want another method
        from bench.scale_rows import Scale, fill  # noqa: PLC0415

        scale, began = Scale().times(wanted.factor), time.perf_counter()
        installations = fill(scale)
        print(f"{vars(scale)}, filled in {time.perf_counter() - began:.0f} s", flush=True)
        with statements() as found:
            time_scim(installations[-1])
            time_pages(installations[0], wanted.repeats)
        for table, sql in whole_reads(found):
            print(f"reads {table} in whole: {sql[:300]}")
        keep_up(installations[0])


def time_scim(installation: Any) -> None:
    """Time the requests of the directory of 1,000 people."""
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415

    from bench.scim_profile import send  # noqa: PLC0415
    from printmgmt.audit.actors import system  # noqa: PLC0415
    from scim_sync.credentials.tokens import mint_first_token, tenant_url  # noqa: PLC0415

    people = installation.organization.people.filter(state="active").values_list("pk", "user_name")
    ids, names = zip(*((str(pk), name) for pk, name in people), strict=True)
    token = mint_first_token(installation, by=system("bench"))
    of = Directory(tenant_url(installation), token, list(ids), list(names), enabled=deque(ids))
    application = WSGIHandler()
    print(f"{'SCIM, 1,000 people':<58}{'p50 ms':>8}{'p95 ms':>8}{'cpu ms':>8}")
    for name, kind in scim_kinds.OF_PEOPLE.items():
        _report(name, lambda kind=kind: send(application, kind, of), SCIM_REQUESTS)  # type: ignore[misc]


def time_pages(installation: Any, repeats: int) -> None:
    """Time every page of the largest organization, as its owner sees it."""
    from django.test import Client  # noqa: PLC0415

    client = Client(raise_request_exception=False)
    client.force_login(installation.organization.administrators.get().account)
    print(f"{'page of the largest organization':<58}{'p50 ms':>8}{'p95 ms':>8}{'cpu ms':>8}")
    for name, url in sorted(_pages(installation)):
        answer = client.get(url)
        if answer.status_code == HTTPStatus.OK and not answer.streaming:
            _report(name, lambda url=url: client.get(url), repeats)  # type: ignore[misc]
        elif answer.status_code not in (HTTPStatus.FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
            print(f"{name:<58}{answer.status_code:>8}")


def _pages(installation: Any) -> Iterator[tuple[str, str]]:
    """Every address below the organization whose parts are found among the rows, with usual searches."""
    from django.urls import URLPattern, URLResolver, get_resolver, reverse  # noqa: PLC0415

    from printmgmt.deprovisioning.models import Receipt  # noqa: PLC0415
    from printmgmt.deprovisioning.receipts.making import make_receipt  # noqa: PLC0415

    of = installation.organization
    run = of.runs.order_by("-cut_at")[0]
    Receipt.objects.filter(run=run).delete()
    make_receipt(run.pk)
    known = {
        "organization": of.slug,
        "installation": installation.pk,
        "addon": "azure-ad-user-sync",
        "person": of.people.order_by("user_name")[0].pk,
        "group": of.groups.get(display_name="Everyone").pk,
        "run": run.pk,
        "server": of.print_servers.order_by("name")[0].pk,
        "printer": of.print_servers.order_by("name")[0].printers.order_by("name")[0].pk,
        "job": of.print_servers.order_by("name")[0].jobs.order_by("pk")[0].pk,
        "event": installation.events.order_by("pk")[0].pk,
        "administrator": of.administrators.get().pk,
    }

    def below(resolver: URLResolver, route: str, namespace: str) -> Iterator[tuple[str, str]]:
        for found in resolver.url_patterns:
            here = route + str(found.pattern)
            if isinstance(found, URLResolver):
                yield from below(
                    found, here, f"{namespace}{found.namespace}:" if found.namespace else namespace
                )
            elif isinstance(found, URLPattern) and here.startswith("o/<slug:organization>/"):
                yield f"{namespace}{found.name}", here

    for name, route in below(get_resolver(), "", ""):
        parts = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if set(parts) <= set(known):
            url = reverse(name, kwargs={part: known[part] for part in parts})
            for query in ("", *SEARCHES.get(name, ())):
                yield f"{name} {query}", url + query


SEARCHES = {
    "console:people": ("?q=person12", "?state=suspended", "?sort=-name", "?page=9"),
    "console:groups": ("?q=group+1",),
    "console:leavers": ("?state=attention", "?q=person+12", "?trigger=removed"),
    "console:jobs": ("?state=open", "?q=person12", "?owner=nobody"),
    "console:audit": ("?q=person12",),
    "scim_sync:log": ("?result=refused", "?q=person+12", "?action=create"),
}
"""What lists are asked besides."""


def keep_up(installation: Any) -> None:
    """Seal and prune a tenth of a day's events, and say how long a day takes."""
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from bench.rows import insert  # noqa: PLC0415
    from printmgmt.audit.sealer import seal_due  # noqa: PLC0415
    from scim_sync.models import ProvisioningEvent  # noqa: PLC0415
    from scim_sync.monitoring.periodic import prune  # noqa: PLC0415
    from scim_sync.preferences import preferences_of  # noqa: PLC0415

    insert(
        "audit.AuditEvent",
        "FROM generate_series(1, %(number)s) AS n",
        values={"number": A_DAY // 10, "organization": installation.organization_id},
        organization_id="%(organization)s",
        at="now() - interval '1 hour'",
        actor_kind="'token'",
        verb="'person.updated'",
        object_type="'person'",
        object_id="n::text",
        details="'{}'",
        salt="'\\x00'",
        digest="md5(n::text)",
    )
    _keep_up("sealing the audit trail", seal_due)
    old = installation.events.order_by("at").values("pk")[: A_DAY // 10]
    too_old = timezone.now() - preferences_of(installation).keep_events - timedelta(days=1)
    ProvisioningEvent.objects.filter(pk__in=old).update(at=too_old)
    _keep_up("pruning the log", lambda: prune(installation))


def _keep_up(name: str, once: Callable[[], int]) -> None:
    began, done = time.perf_counter(), 0
    while number := once():
        done += number
    seconds = time.perf_counter() - began
    day = A_DAY / max(done, 1) * seconds
    print(f"{name}: {done:,} in {seconds:.1f} s; {A_DAY:,} take {day:.0f} s")


def _report(name: str, call: Callable[[], object], times: int) -> None:
    call()
    taken, busy = [], time.process_time() + database_seconds()
    for _time in range(times):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    busy = (time.process_time() + database_seconds() - busy) * 1000 / times
    p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[18]
    print(f"{name:<58}{p50:>8.0f}{p95:>8.0f}{busy:>8.1f}{'  slow' if busy > SLOW else ''}", flush=True)


if __name__ == "__main__":
    main()
