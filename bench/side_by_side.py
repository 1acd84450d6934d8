"""Compares SCIM requests with the floor and with plain django-scim2: `python -m bench.side_by_side`.

All in one run, one kind of request after the other, each at every server in turn, round after round; shown
are medians of the rounds. Eight clients; gunicorn with two processes of four threads each; one PostgreSQL
with fsync. *alone* is the median time of an answer to a single client. *cpu* is the processor time of web
and database for a request: on a busy machine it says more than the clock. Statements are what PostgreSQL
logs for a request, without BEGIN and COMMIT. `bench/peers` has the floor and plain django-scim2.
"""

import argparse
import os
import statistics
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import scim_kinds as kinds
from bench.clients import Phase, run
from bench.scim_kinds import Kind
from bench.sites import Site, sites

CLIENTS = 8
SECONDS = 10.0
"""After which a phase ends, however many requests it had."""
LOG_READS = 0.3
"""Seconds until PostgreSQL has read its settings again."""


@dataclass(frozen=True)
class Row:
    """A kind of request; ``large`` sends it to the large group."""

    kind: Kind
    large: bool = False
    not_at: tuple[str, ...] = ()


ROWS = {
    "create": Row(kinds.create),
    "get": Row(kinds.get),
    "filter userName eq": Row(kinds.find),
    "PATCH displayName": Row(kinds.rename, not_at=("plain",)),  # which knows no displayName
    "PATCH active=false": Row(kinds.disable),
    "PATCH active=true": Row(kinds.enable),
    "add a member": Row(kinds.add_member),
    "remove a member": Row(kinds.remove_member),
    "add, large group": Row(kinds.add_member, large=True),
    "remove, large group": Row(kinds.remove_member, large=True),
    "list of 100": Row(kinds.list_100),
}
Results = dict[tuple[str, str], list[tuple[Phase, Phase]]]
"""By server and row: each round's phases, with all clients and with one."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.side_by_side")
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--members", type=int, default=100_000, help="of the large group")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=300, help="in each phase")
    wanted = parser.parse_args()
    print(f"{wanted.people:,} people, {wanted.rounds} rounds of {wanted.requests} requests", flush=True)
    with sites(wanted.people, wanted.members) as (found, postgres):
        statements = count_statements(found, postgres)
        results: Results = defaultdict(list)
        loads = []
        for number in range(wanted.rounds):
            for name, row in ROWS.items():
                # Each is first in turn: what comes second may find the disk still busy.
                for site in found[number % len(found) :] + found[: number % len(found)]:
                    measure(site, name, row, wanted.requests, results)
            loads.append(os.getloadavg()[0])
            print(f"round {number + 1}: load {loads[-1]:.1f}", flush=True)
    show(found, results, statements)


def measure(site: Site, name: str, row: Row, requests: int, results: Results) -> None:
    """One round of one kind of request at one server."""
    of = site.large if row.large else site.small
    if of is None or site.name in row.not_at:
        return
    few = max(1, requests // 10)
    alone = run(row.kind, of, clients=1, requests=few, seconds=SECONDS, cpu=site.cpu)
    many = run(row.kind, of, clients=CLIENTS, requests=requests, seconds=SECONDS, cpu=site.cpu)
    if alone is not None and many is not None:
        results[site.name, name].append((many, alone))


def count_statements(found: list[Site], postgres: Any) -> dict[tuple[str, str], int]:
    """Send each request twice, and count what PostgreSQL logs of the second."""
    counted = {}
    _log_statements(postgres, "all")
    for name, row in ROWS.items():
        for site in found:
            of = site.large if row.large else site.small
            if of is None or site.name in row.not_at:
                continue
            for _time in range(2):
                begin = _log(postgres).stat().st_size
                run(row.kind, of, clients=1, requests=1, seconds=SECONDS, cpu=site.cpu)
            with _log(postgres).open() as log:
                log.seek(begin)
                counted[site.name, name] = sum(_is_statement(line) for line in log)
    _log_statements(postgres, "none")
    return counted


def _log(postgres: Any) -> Path:
    return Path(postgres.folder) / "log"


def _is_statement(line: str) -> bool:
    _before, logged, said = line.partition("LOG:  ")
    kind, _colon, text = said.partition(": ")
    return (
        bool(logged)
        and kind.split()[0] in ("statement", "execute")
        and text.split()[0] not in ("BEGIN", "COMMIT")
    )


def _log_statements(postgres: Any, which: str) -> None:
    import psycopg  # noqa: PLC0415

    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET log_statement = '{which}'")
        connection.execute("SELECT pg_reload_conf()")
    time.sleep(LOG_READS)


def show(found: list[Site], results: Results, statements: dict[tuple[str, str], int]) -> None:
    """Print the table: ratios are medians of the rounds' ratios."""
    floor, ours, plain = (site.name for site in found)
    heads = "".join(f"{name:>8}" for name in (floor, ours, plain))
    print(f"{'':<20}{'/s':<24}{'ours to':<16}{'alone, ms':<24}{'cpu, ms':<24}statements")
    print(f"{'':<20}{heads}{floor:>8}{plain:>8}{heads}{heads}{heads}")
    for name in ROWS:
        rounds = {site.name: results.get((site.name, name), []) for site in found}
        cells = [_median(".0f", [many.rate for many, _alone in rounds[who]]) for who in (floor, ours, plain)]
        for other in (floor, plain):
            pairs = zip(rounds[ours], rounds[other], strict=False)
            cells.append(_median(".2f", [mine[0].rate / others[0].rate for mine, others in pairs]))
        cells += [
            _median(".1f", [alone.median for _many, alone in rounds[who]]) for who in (floor, ours, plain)
        ]
        cells += [
            _median(".2f", [sum(many.cpu.values()) for many, _alone in rounds[who]])
            for who in (floor, ours, plain)
        ]
        cells += [str(statements.get((who, name), "–")) for who in (floor, ours, plain)]
        print(f"{name:<20}" + "".join(f"{cell:>8}" for cell in cells))
    a_list, a_get = results[ours, "list of 100"], results[floor, "get"]
    ratio = [mine[1].median / others[1].median for mine, others in zip(a_list, a_get, strict=True)]
    print(f"A list of 100 takes {statistics.median(ratio):.1f} times the floor's get, alone.")
    shares = ", ".join(
        f"{name} {' + '.join(_shares(results[ours, name]))}"
        for name in ("get", "create", "PATCH active=false")
    )
    print(f"Processor of ours, ms: {shares}")


def _median(form: str, values: list[float]) -> str:
    return format(statistics.median(values), form) if values else "–"


def _shares(rounds: list[tuple[Phase, Phase]]) -> list[str]:
    names = rounds[0][0].cpu
    return [f"{name} {statistics.median(many.cpu[name] for many, _alone in rounds):.2f}" for name in names]


if __name__ == "__main__":
    main()
