"""Times the provisioning log: `python -m bench.provisioning_log --rows 1000000`.

Its own PostgreSQL (settings of a test: no fsync), one client: how many events a second are written beside
as many rows, and how long each page of the log takes to be made.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.database import own_database

WRITES = 2_000
REPEATS = 15
A_DAY = 110_000
"""Events per day of a large organization."""

FILL = """
INSERT INTO scim_sync_provisioningevent (
    installation_id, token_id, action, result, status, person_id, subject, subject_key, changes, ignored,
    request_id, method, path, at, scim_type, detail, reasons, milliseconds)
SELECT %(installation)s, %(token)s,
    CASE WHEN n %% 20 = 0 THEN 'create' ELSE 'update' END,
    CASE WHEN n %% 500 = 0 THEN 'refused' ELSE 'ok' END,
    CASE WHEN n %% 500 = 0 THEN 409 ELSE 200 END,
    CASE WHEN n %% 500 = 0 THEN NULL ELSE people.id END,
    people.user_name, people.user_name_key, '[{"attribute": "title", "old": null, "new": "x"}]', '[]',
    'request-' || n, 'PATCH', '/scim/v2/', moment, '', '', '[]', 10
FROM generate_series(1, %(rows)s) AS n
JOIN (SELECT *, row_number() OVER () AS position FROM people_printuser) AS people
    ON people.position = n %% 10000 + 1
CROSS JOIN LATERAL (SELECT now() - n * interval '30 days' / %(rows)s AS moment) AS moments
"""
"""Events of the last thirty days for all people; one in 500 is a refused write for an unknown person."""

FILL_COUNTERS = """
INSERT INTO scim_sync_provisioningeventcounter (
    event_id, installation_id, key, count, at, request_id, milliseconds)
SELECT id, installation_id, id::text, 1, at, request_id, milliseconds
FROM scim_sync_provisioningevent WHERE result = 'refused'
"""
FILL_BODIES = """
INSERT INTO scim_sync_provisioningeventbody (event_id, request, response)
SELECT id, '{"Operations": [{"op": "Replace", "path": "title", "value": "x"}]}', NULL
FROM scim_sync_provisioningevent
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.provisioning_log")
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with own_database(ALLOWED_HOSTS="testserver"):
        measure(rows)


def measure(rows: int) -> None:
    """Fill a log with ``rows`` events, add more one by one, then read its pages."""
    from django.test import Client  # noqa: PLC0415

    from addons.addresses import address_of  # noqa: PLC0415

    installation, owner, people = organization(rows)
    rate = writes(installation, people)
    times = rate * 86_400 / A_DAY
    print(f"{rows:,} rows; one client writes {rate:,.0f} events/s: {times:,.0f} times {A_DAY:,} a day")
    client = Client()
    client.force_login(owner)
    url = address_of(installation, "scim_sync:log")
    middle = installation.events.order_by("-at", "-id")[rows // 2]
    from scim_sync.console.log_pages import position_of  # noqa: PLC0415

    pages: dict[str, dict[str, str]] = {
        "newest": {},
        "in the middle": {"before": str(position_of(middle))},
        "newer than the middle": {"after": str(position_of(middle))},
        "refused": {"result": "refused"},
        "refused creates, 409": {"result": "refused", "action": "create", "code": "409"},
        "a code nobody has": {"code": "413"},
        "a person": {"q": "person 77 "},
        "a name nobody has": {"q": "zzz"},
        "a request id": {"q": middle.request_id},
        "one token": {"token": str(installation.tokens.get().pk)},
        "a day": {"since": f"{middle.at:%Y-%m-%d}", "until": f"{middle.at:%Y-%m-%d}"},
    }
    print(f"{'page':<26}{'p50 ms':>8}{'max ms':>8}")
    for name, query in pages.items():
        times = timed(lambda query=query: client.get(url, query))  # type: ignore[misc]
        print(f"{name:<26}{statistics.median(times):>8.1f}{max(times):>8.1f}")


def timed(call: Callable[[], Any]) -> list[float]:
    """Return the milliseconds of each repetition, after a warm-up."""
    times = []
    for _n in range(REPEATS + 1):
        began = time.perf_counter()
        if call().status_code != 200:
            raise SystemExit("a page failed")
        times.append((time.perf_counter() - began) * 1000)
    return times[1:]


def writes(installation: Any, people: list[Any]) -> float:
    """Return events per second, written one by one like in SCIM views, each committed."""
    from scim_sync.models import Action, Result  # noqa: PLC0415
    from scim_sync.provisioning_log.events import add_event  # noqa: PLC0415

    token = installation.tokens.get()
    began = time.perf_counter()
    for number in range(WRITES):
        person = people[number % len(people)]
        add_event(
            installation=installation,
            action=Action.UPDATE,
            result=Result.OK,
            status=200,
            person=person,
            subject=person.user_name,
            changes=[{"attribute": "title", "old": None, "new": "x"}],
            token=token,
            request_id=f"live-{number}",
            method="PATCH",
            path=f"/scim/v2/{installation.pk}/Users/{person.pk}",
            request_body={"Operations": [{"op": "Replace", "path": "title", "value": "x"}]},
        )
    return WRITES / (time.perf_counter() - began)


def organization(rows: int) -> tuple[Any, Any, list[Any]]:
    """Create an organization with ``rows`` events in 30 days; return (installation, owner, people)."""
    from django.db import connection  # noqa: PLC0415

    from addons.services import get_addon, install  # noqa: PLC0415
    from printmgmt.audit.actors import system  # noqa: PLC0415
    from printmgmt.organizations.services import create_organization  # noqa: PLC0415
    from printmgmt.people.models import PrintUser  # noqa: PLC0415
    from scim_sync.credentials.tokens import mint_first_token  # noqa: PLC0415

    by = system("bench")
    made, owner = create_organization("Bench", owner_email="owner@contoso.example")
    installation = install(made, get_addon("azure-ad-user-sync"), by=by)
    mint_first_token(installation, by=by)
    token = installation.tokens.get()
    people = PrintUser.objects.bulk_create(
        PrintUser(
            organization=made,
            user_name=f"person{n}@contoso.example",
            user_name_key=f"person{n}@contoso.example",
            display_name=f"Person {n} Bench",
            display_name_key=f"person {n} bench",
        )
        for n in range(10_000)
    )
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"installation": installation.pk, "token": token.pk, "rows": rows})
        cursor.execute(FILL_COUNTERS)
        cursor.execute(FILL_BODIES)
        cursor.execute("ANALYZE")  # autovacuum is off in this cluster
    return installation, owner, people


if __name__ == "__main__":
    main()
