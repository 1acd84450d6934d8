"""Times anonymizing: `python -m bench.retention --people 10000`.

Its own PostgreSQL (settings of a test: no fsync), one worker. Everyone left 400 days ago and has what a
person has after years: names, devices, a run with steps and a receipt, jobs, audit events, the directory's
events with bodies. Then sweeps until nobody is left: how many people a second, statements for each, turns.
"""

import argparse
import time
from typing import Any

from bench.database import own_database

JOBS, EVENTS, AUDITED = 10, 6, 8
"""Of each person."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.retention")
    parser.add_argument("--people", type=int, default=10_000)
    people = parser.parse_args().people
    with own_database():
        began = time.monotonic()
        fill(people)
        print(f"{people:,} people who left, filled in {time.monotonic() - began:.0f} s")
        measure()


def measure() -> None:
    """Sweep until nobody is left."""
    from django.db import connection  # noqa: PLC0415

    from printmgmt.deprovisioning.retention.sweep import anonymise_due  # noqa: PLC0415

    statements = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(sql, params, many, context)

    total, turns, began = 0, 0, time.monotonic()
    longest = 0.0
    with connection.execute_wrapper(count):
        while True:
            turn = time.monotonic()
            done = anonymise_due()
            longest = max(longest, time.monotonic() - turn)
            if not done:
                break
            total, turns = total + done, turns + 1
    seconds = time.monotonic() - began
    print(f"{total:,} anonymized in {seconds:.0f} s: {total / seconds:.0f} a second")
    print(f"{turns} turns, the longest {longest:.1f} s; {statements / max(total, 1):.1f} statements for each")


def fill(number: int) -> None:
    """Write an organization of so many people who left, and all that is about them."""
    from datetime import timedelta  # noqa: PLC0415
    from uuid import uuid4  # noqa: PLC0415

    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from addons.services import get_addon, install  # noqa: PLC0415
    from printmgmt.audit.actors import system  # noqa: PLC0415
    from printmgmt.audit.models import AuditEvent  # noqa: PLC0415
    from printmgmt.deprovisioning.models import (  # noqa: PLC0415
        DeprovisionRun,
        DeprovisionStep,
        Receipt,
        RunState,
        StepState,
    )
    from printmgmt.deprovisioning.policy import current_policy  # noqa: PLC0415
    from printmgmt.organizations.services import create_organization  # noqa: PLC0415
    from printmgmt.people.models import Device, PrintAlias, PrintUser  # noqa: PLC0415
    from printmgmt.printing.models import PrintJob, PrintServer  # noqa: PLC0415
    from scim_sync.models import ProvisioningEvent, ProvisioningEventBody, ScimUser  # noqa: PLC0415

    organization, _owner = create_organization("Contoso", owner_email="owner@contoso.example")
    sync = install(organization, get_addon("azure-ad-user-sync"), by=system("bench"))
    server = PrintServer.objects.create(organization=organization, name="print", uri="ipp://print.example/")
    policy = current_policy(organization)
    left = timezone.now() - timedelta(days=400)
    own = {"organization": organization}
    people = [
        PrintUser(
            **own,
            user_name=f"person{n}@contoso.example",
            user_name_key=f"person{n}@contoso.example",
            display_name=f"Person {n}",
            display_name_key=f"person {n}",
            state="removed",
            state_since=left,
            removed_at=left,
            active=False,
            epoch=1,
        )
        for n in range(number)
    ]
    PrintUser.objects.bulk_create(people, batch_size=2_000)
    PrintAlias.objects.bulk_create(
        [
            PrintAlias(**own, person=person, value=name, value_key=name)
            for person in people
            for name in (person.user_name, f"old.{person.user_name}")
        ],
        batch_size=2_000,
    )
    Device.objects.bulk_create(
        [
            Device(**own, person=person, name="Laptop", token_digest=uuid4().hex, revoked_at=left)
            for person in people
        ],
        batch_size=2_000,
    )
    runs = [
        DeprovisionRun(
            **own,
            person=person,
            epoch=1,
            trigger="removed",
            state=RunState.FINISHED,
            policy=policy,
            source=sync.source,
            caused_by="SCIM",
            requested_at=left,
            cut_at=left,
            settled_at=left,
            judged_at=left,
        )
        for person in people
    ]
    DeprovisionRun.objects.bulk_create(runs, batch_size=2_000)
    DeprovisionStep.objects.bulk_create(
        [
            DeprovisionStep(
                **own,
                run=run,
                name=name,
                target_kind="person",
                target_id=str(run.person_id),
                state=StepState.DONE,
                target_label=run.person.display_name,
                evidence={"canceled": 2, "title": "Letter"},
                ended_at=left,
            )
            for run in runs
            for name in ("hold-jobs", "cancel-jobs", "wipe-credentials", "end-device-connections")
        ],
        batch_size=2_000,
    )
    Receipt.objects.bulk_create(
        [
            Receipt(
                run=run,
                body={},
                personal={"user_name": run.person.user_name},
                salt=b"0" * 16,
                digest="",
                key_id="1",
            )
            for run in runs
        ],
        batch_size=2_000,
    )
    PrintJob.objects.bulk_create(
        (
            PrintJob(
                **own,
                server=server,
                remote_id=n * number + position + 1,
                person=person if n % 2 else None,
                owner_text=person.user_name,
                owner_key=person.user_name_key,
                title="Letter",
                state=9,
                submitted_at=left,
                impressions=1,
            )
            for n in range(JOBS)
            for position, person in enumerate(people)
        ),
        batch_size=5_000,
    )
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                **own,
                actor_kind="system",
                verb="person.changed",
                object_type="person",
                object_id=str(person.pk),
                details={"object": person.display_name},
                salt=b"0" * 16,
                digest="",
            )
            for person in people
            for _n in range(AUDITED)
        ),
        batch_size=5_000,
    )
    events = [
        ProvisioningEvent(
            installation=sync,
            action="update",
            result="ok",
            status=200,
            person=person,
            subject=person.user_name,
            subject_key=person.user_name_key,
            method="PATCH",
            path="/scim/v2/",
            at=left,
        )
        for person in people
        for _n in range(EVENTS)
    ]
    ProvisioningEvent.objects.bulk_create(events, batch_size=5_000)
    ProvisioningEventBody.objects.bulk_create(
        [ProvisioningEventBody(event=event, request={"userName": event.subject}) for event in events],
        batch_size=5_000,
    )
    ScimUser.objects.bulk_create(
        [
            ScimUser(installation=sync, person=person, external_id=f"e{person.pk}", dropped_at=left)
            for person in people
        ],
        batch_size=2_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
