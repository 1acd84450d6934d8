"""How many due steps workers perform in a second: `python -m bench.due_steps --steps 50000 --workers 1 2 4`.

Its own PostgreSQL (settings of a test: no fsync). Everyone has left and has five devices, whose connections
are to be ended: steps of own rows only. Each worker is a process that performs what is due, as a Celery
worker does. It stops after some seconds, long before everything is done, so that there is always enough.
"""

import argparse
import os
import subprocess
import sys
import time
from typing import Any

from bench.database import own_database
from bench.scim_requests import processor_seconds

DEVICES = 5
ORGANIZATIONS = 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.due_steps")
    parser.add_argument("--steps", type=int, default=50_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--work", action="store_true", help="be one of the workers")
    wanted = parser.parse_args()
    if wanted.work:
        work(wanted.seconds)
        return
    with own_database() as postgres:
        print(f"{wanted.steps:,} due steps, load {os.getloadavg()[0]:.1f}")
        print(f"{'workers':>8}{'steps/s':>9}{'cpu ms a step':>15}{'of it database':>16}{'next_due ms':>13}")
        for workers in wanted.workers:
            fill(wanted.steps)
            measure(workers, wanted.seconds, postgres)


def measure(workers: int, seconds: float, postgres: Any) -> None:
    """Let workers perform steps for some seconds and print the figures."""
    from printmgmt.deprovisioning.models import DeprovisionStep, StepState  # noqa: PLC0415
    from printmgmt.deprovisioning.performing import Steps  # noqa: PLC0415
    from printmgmt.work.runner import next_due  # noqa: PLC0415

    began = time.perf_counter()
    for _time in range(5):
        next_due(Steps())
    looked = (time.perf_counter() - began) * 1000 / 5
    command = [sys.executable, "-m", "bench.due_steps", "--work", "--seconds", str(seconds)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _worker in range(workers)
    ]
    for worker in running:
        assert worker.stdout is not None
        worker.stdout.readline()  # it is ready
    ours = [worker.pid for worker in running]
    before = sum(map(processor_seconds, ours)), processor_seconds(postgres.pid)
    began = time.perf_counter()
    for worker in running:
        assert worker.stdin is not None
        worker.stdin.write(b"go\n")
        worker.stdin.flush()
    for worker in running:
        assert worker.stdout is not None
        worker.stdout.readline()  # its time is over
    took = time.perf_counter() - began
    web, database = sum(map(processor_seconds, ours)) - before[0], processor_seconds(postgres.pid) - before[1]
    for worker in running:
        worker.communicate()
    done = DeprovisionStep.objects.filter(state=StepState.DONE).count()
    print(
        f"{workers:>8}{done / took:>9.0f}{(web + database) * 1000 / done:>15.2f}"
        f"{database * 1000 / done:>16.2f}{looked:>13.1f}",
        flush=True,
    )


def work(seconds: float) -> None:
    """Be a worker: wait for the word, then perform what is due until the time is over."""
    import django  # noqa: PLC0415

    django.setup()
    from printmgmt.deprovisioning.performing import Steps  # noqa: PLC0415
    from printmgmt.work.runner import next_due, perform_due  # noqa: PLC0415

    class Timed(Steps):
        budget = seconds

    next_due(Timed())  # connects, and compiles what is compiled once
    print("ready", flush=True)
    sys.stdin.readline()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        perform_due(Timed())
    print("over", flush=True)
    sys.stdin.readline()


def fill(steps: int) -> None:
    """Replace everything by leavers with so many due steps."""
    from django.core.management import call_command  # noqa: PLC0415

    from bench.rows import insert, tidy  # noqa: PLC0415

    call_command("flush", verbosity=0, interactive=False)
    insert(
        "organizations.Organization",
        "FROM generate_series(1, %(organizations)s) AS n",
        values={"organizations": ORGANIZATIONS},
        name="'Organization ' || n",
        slug="'organization-' || n",
    )
    insert("deprovisioning.LeavingPolicy", "FROM organizations_organization AS own", organization_id="own.id")
    insert(
        "people.PrintUser",
        "FROM organizations_organization AS own CROSS JOIN generate_series(1, %(each)s) AS n",
        values={"each": steps // DEVICES // ORGANIZATIONS},
        organization_id="own.id",
        user_name="'person' || n",
        user_name_key="'person' || n",
        active="false",
        state="'suspended'",
        epoch="1",
    )
    insert(
        "deprovisioning.DeprovisionRun",
        "FROM people_printuser AS person JOIN deprovisioning_leavingpolicy AS policy USING (organization_id)",
        organization_id="person.organization_id",
        person_id="person.id",
        epoch="1",
        trigger="'suspended'",
        policy_id="policy.id",
        source="'console'",
        judged_at="now()",
    )
    insert(
        "people.Device",
        "FROM deprovisioning_deprovisionrun AS run CROSS JOIN generate_series(1, %(devices)s) AS n",
        values={"devices": DEVICES},
        organization_id="run.organization_id",
        person_id="run.person_id",
        name="'Device ' || n",
        token_digest="md5(run.id::text || n)",
        connected_since="now()",
        revoked_at="now()",
        revoked_by_run="run.id",
    )
    insert(
        "deprovisioning.DeprovisionStep",
        "FROM people_device AS device JOIN deprovisioning_deprovisionrun AS run ON run.id = revoked_by_run",
        organization_id="run.organization_id",
        run_id="run.id",
        name="'end-device-connections'",
        target_kind="'device'",
        target_id="device.id::text",
        target_label="device.name",
        due_at="run.cut_at",
    )
    tidy()


if __name__ == "__main__":
    main()
