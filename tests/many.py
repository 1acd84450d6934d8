"""Rows by the thousand, past the services: for pages that must cost the same at 3 and at 3,000 rows."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from django.utils import timezone

from addons.models import Installation
from directory_export.models import Cause, ExportRun, Kind
from directory_export.models import RunState as ExportState
from directory_export.preferences import Destination
from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.bulk.models import BulkItem, BulkOperation, OperationState
from printmgmt.deprovisioning.in_bulk import SUSPEND
from printmgmt.deprovisioning.models import DeprovisionRun, LeavingPolicy, RunState, Trigger
from printmgmt.organizations.models import Account, Administrator, Invitation, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.models import (
    Device,
    GroupMembership,
    GroupNesting,
    PersonState,
    PrintGroup,
    PrintUser,
    ReviewItem,
    ReviewKind,
)
from printmgmt.people.names import name_key
from printmgmt.printing.models import (
    JobState,
    OwnerDoubt,
    Printer,
    PrinterState,
    PrintJob,
    PrintServer,
    Station,
)
from printmgmt.printing.servers.probe.found import Found, PolicyFound
from scim_sync.models import Action, ProvisioningEvent, ProvisioningEventCounter, Result

HOSTILE = (
    "<script>alert(1)</script>",
    "=1+3",
    "مرحبا بالعالم",
    "\u202egnirts sdrawkcab",
    "x" * 300,
)


OPERATION = UUID("00000000-0000-4000-8000-00000000b01c")
EVERYONE = UUID("00000000-0000-4000-8000-00000000e4e4")
"""The group that `everyone` fills."""


def names(numbers: range) -> list[str]:
    """So many names, each hostile in one of the ways."""
    return list(islice(cycle(HOSTILE), len(numbers)))


def people(of: Organization, numbers: range, state: PersonState = PersonState.ACTIVE) -> list[PrintUser]:
    """Active or suspended people called ``person<number>@…``."""
    now = timezone.now()
    return PrintUser.objects.bulk_create(
        PrintUser(
            organization=of,
            **_texts(f"{state}{number}@contoso.example", name),
            active=state == PersonState.ACTIVE,
            state=state,
            state_since=now,
        )
        for number, name in zip(numbers, names(numbers), strict=True)
    )


def _texts(user_name: str, text: str) -> dict[str, str]:
    """Every attribute of a person and its key: one text in all but the user name."""
    values = {attribute: user_name if attribute.name == "user_name" else text for attribute in ATTRIBUTES}
    names = {attribute.name: value for attribute, value in values.items()}
    return names | {attribute.key_column: name_key(value) for attribute, value in values.items()}


def groups(of: Organization, numbers: range) -> list[PrintGroup]:
    """Empty groups of the console; their names are hostile and, as they must be, different."""
    named = [f"{name} {number}" for number, name in zip(numbers, names(numbers), strict=True)]
    return PrintGroup.objects.bulk_create(
        PrintGroup(organization=of, display_name=name, display_name_key=name_key(name)) for name in named
    )


def everyone(of: Organization, who: Sequence[PrintUser], which: Sequence[PrintGroup], source: str) -> None:
    """Put people into the group EVERYONE: each by the console, every other by ``source`` too; and groups."""
    group, _made = PrintGroup.objects.get_or_create(
        pk=EVERYONE, organization=of, defaults={"display_name": HOSTILE[0], "display_name_key": HOSTILE[0]}
    )
    GroupMembership.objects.bulk_create(GroupMembership(group=group, person=person) for person in who)
    GroupMembership.objects.bulk_create(
        GroupMembership(group=group, person=person, source=source) for person in who[::2]
    )
    GroupNesting.objects.bulk_create(GroupNesting(parent=group, child=child) for child in which)


def leavers(of: Organization, numbers: range) -> list[DeprovisionRun]:
    """Suspended people, each with a run; the runs are in every state by turns."""
    policy, _made = LeavingPolicy.objects.get_or_create(organization=of, version=1)
    now = timezone.now()
    return DeprovisionRun.objects.bulk_create(
        DeprovisionRun(
            organization=of,
            person=person,
            epoch=person.epoch,
            trigger=Trigger.SUSPENDED,
            state=state,
            policy=policy,
            source="console",
            caused_by=person.display_name,
            requested_at=now - timedelta(seconds=number),
            cut_at=now - timedelta(seconds=number),
        )
        for number, person, state in zip(
            numbers, people(of, numbers, PersonState.SUSPENDED), cycle(RunState), strict=False
        )
    )


def still_holding(of: Organization, who: Sequence[PrintUser]) -> None:
    """Of each of these people, who left, a device that works and a job that waits."""
    server, _made = PrintServer.objects.get_or_create(
        organization=of, uri="ipp://left.contoso.example/", defaults={"name": HOSTILE[0]}
    )
    first = server.jobs.count() + 1
    now = timezone.now()
    Device.objects.bulk_create(
        Device(organization=of, person=person, name=person.display_name[:200], token_digest=str(person.pk))
        for person in who
    )
    PrintJob.objects.bulk_create(
        PrintJob(
            organization=of,
            server=server,
            remote_id=number,
            owner_text=person.display_name,
            owner_key=person.display_name_key,
            person=person,
            state=JobState.PENDING,
            submitted_at=now,
        )
        for number, person in enumerate(who, start=first)
    )


def unassigned(of: Organization, numbers: range) -> None:
    """Jobs of nobody that wait."""
    server, _made = PrintServer.objects.get_or_create(
        organization=of, uri="ipp://nobody.contoso.example/", defaults={"name": HOSTILE[0]}
    )
    PrintJob.objects.bulk_create(
        PrintJob(
            organization=of,
            server=server,
            remote_id=number + 1,
            owner_text=name,
            owner_key=name_key(name),
            doubt=OwnerDoubt.UNKNOWN,
            state=JobState.PENDING,
            submitted_at=timezone.now() - timedelta(seconds=number),
        )
        for number, name in zip(numbers, names(numbers), strict=True)
    )


def policies(of: Organization, numbers: range) -> None:
    """Versions of the leaving policy after the first, each of which changed a rule."""
    LeavingPolicy.objects.bulk_create(
        LeavingPolicy(organization=of, version=number + 2, digest_minutes=number + 1) for number in numbers
    )


def administrators(of: Organization, numbers: range) -> None:
    """Auditors, and as many people invited."""
    accounts = Account.objects.bulk_create(
        Account(email=f"auditor{number}@contoso.example", name=name[:200])
        for number, name in zip(numbers, names(numbers), strict=True)
    )
    Administrator.objects.bulk_create(
        Administrator(organization=of, account=account, role=Role.AUDITOR) for account in accounts
    )
    Invitation.objects.bulk_create(
        Invitation(
            organization=of,
            email=f"invited{number}@contoso.example",
            role=Role.AUDITOR,
            token_digest=f"{of.pk}-{number}",
            expires_at=timezone.now() + timedelta(days=7),
        )
        for number in numbers
    )


def audit_events(of: Organization, numbers: range) -> None:
    """Events of a system actor, about people who do not exist."""
    AuditEvent.objects.bulk_create(
        AuditEvent(
            organization=of,
            actor_kind=ActorKind.SYSTEM,
            verb="person.updated",
            object_type="person",
            object_id=f"00000000-0000-4000-8000-{number:012}",
            details={"actor": name, "object": name, "changes": {"display_name": [name, name]}},
            salt=b"salt",
            digest="d",
        )
        for number, name in zip(numbers, names(numbers), strict=True)
    )


def provisioning_events(installation: Installation, who: Sequence[PrintUser]) -> None:
    """A refused and a successful write of each person."""
    now = timezone.now()
    token = installation.tokens.first()
    events = ProvisioningEvent.objects.bulk_create(
        ProvisioningEvent(
            installation=installation,
            action=Action.UPDATE,
            result=result,
            status=status,
            person=person,
            subject=person.display_name,
            subject_key=person.display_name_key,
            detail=person.display_name,
            token=token,
            method="PATCH",
            path=f"/Users/{person.pk}",
            request_id=f"request-{number}",
            at=now - timedelta(seconds=number),
        )
        for number, person in enumerate(who)
        for result, status in ((Result.OK, 200), (Result.REFUSED, 409))
    )
    count_refused(events)


def count_refused(events: Sequence[ProvisioningEvent]) -> None:
    """A counter for each refused or failed one of these events, as the log has it."""
    ProvisioningEventCounter.objects.bulk_create(
        ProvisioningEventCounter(
            event=event,
            installation=event.installation,
            key=str(event.pk),
            at=event.at,
            request_id=event.request_id,
        )
        for event in events
        if event.result in (Result.REFUSED, Result.FAILED)
    )


def questions(installation: Installation, who: Sequence[PrintUser]) -> None:
    """Of each person a link to approve, and a card that the next person holds."""
    ReviewItem.objects.bulk_create(
        ReviewItem(
            organization=installation.organization,
            kind=kind,
            key=str(person.pk),
            person=person,
            source=installation.source,
            request_id="request-0",
            details=details,
        )
        for person, holder in zip(who, [*who[1:], who[0]], strict=True)
        for kind, details in (
            (
                ReviewKind.LINK,
                {"proposed": {"user_name": person.user_name, "display_name": holder.display_name}},
            ),
            (ReviewKind.CARD_HELD, {"last4": "0815", "holder": str(holder.pk)}),
        )
    )


def exports(installation: Installation, numbers: range) -> None:
    """Delivered exports of the people, and failed ones of the groups."""
    now = timezone.now()
    ExportRun.objects.bulk_create(
        ExportRun(
            organization=installation.organization,
            installation=installation,
            kind=kind,
            cause=Cause.BY_HAND,
            requested_by=name[:254],
            state=state,
            destination=Destination.FOLDER,
            location=f"{name}-{number}.csv",
            error=name if state == ExportState.FAILED else "",
            created_at=now - timedelta(seconds=number),
            ended_at=now,
            rows=number,
            size=number,
            milliseconds=number,
            sha256="0" * 64,
        )
        for number, name in zip(numbers, names(numbers), strict=True)
        for kind, state in ((Kind.PEOPLE, ExportState.DELIVERED), (Kind.GROUPS, ExportState.FAILED))
    )


def print_servers(of: Organization, numbers: range) -> list[PrintServer]:
    """Servers in every state, tested and not."""
    now = timezone.now()
    policy = PolicyFound("default", 2, needs_login=False, rights={"release": ["owner"]})
    found = Found(is_cups=True, has_login=True, queues=2, policies=(policy,), open_jobs=450, max_jobs=500)
    states: list[dict[str, Any]] = [
        {"last_seen_at": now, "probe": found.as_json(), "probed_at": now, "version": "2.4.2"},
        {"problem": "offline", "offline_since": now},
        {"paused_at": now},
        {"problem": "wrong-login"},
        {},
    ]
    return PrintServer.objects.bulk_create(
        PrintServer(
            organization=of,
            name=name[:200],
            uri=f"ipps://192.0.2.1:{20_000 + number}/",
            address_key=f"192.0.2.1:{20_000 + number}",
            user_name=name[:200],
            fingerprint="ab" * 32,
            **state,
        )
        for number, name, state in zip(numbers, names(numbers), cycle(states), strict=False)
    )


def stations(of: Organization, numbers: range) -> None:
    """Stations beside a printer each, of one print server that nobody calls."""
    server, _made = PrintServer.objects.get_or_create(
        organization=of, name="Many", defaults={"uri": "ipp://many.contoso.example/"}
    )
    printers = Printer.objects.bulk_create(
        Printer(
            organization=of,
            server=server,
            name=f"many{number}",
            uri=f"{server.uri}printers/many{number}",
            location=name,
        )
        for number, name in zip(numbers, names(numbers), strict=True)
    )
    Station.objects.bulk_create(
        Station(
            organization=of,
            printer=printer,
            name=f"{name[:150]} {number}",
            prefix=f"{str(of.pk)[:8]}_{number}",
            digest="0" * 64,
        )
        for number, name, printer in zip(numbers, names(numbers), printers, strict=True)
    )


PRINTER = UUID("00000000-0000-4000-8000-00000000f00d")
"""The printer where most jobs of `printing` wait."""


def printing(of: Organization, numbers: range, who: Sequence[PrintUser]) -> None:
    """Printers of one server, and twice as many jobs: every other one waits, every third is nobody's."""
    now = timezone.now()
    server, _made = PrintServer.objects.get_or_create(
        organization=of,
        uri="ipp://print.contoso.example/",
        defaults={"name": HOSTILE[0], "last_seen_at": now},
    )
    front, _made = Printer.objects.get_or_create(
        pk=PRINTER, organization=of, server=server, defaults={"name": HOSTILE[0], "uri": server.uri}
    )
    printers = Printer.objects.bulk_create(
        Printer(
            organization=of,
            server=server,
            name=f"{name[:150]} {number}",
            uri=server.uri,
            location=name,
            state=PrinterState.IDLE,
            state_reasons=[name],
            accepting=True,
            last_seen_at=now,
        )
        for number, name in zip(numbers, names(numbers), strict=True)
    )
    PrintJob.objects.bulk_create(
        PrintJob(
            organization=of,
            server=server,
            printer=front if state == JobState.HELD else printer,
            remote_id=2 * number + place,
            owner_text=person.display_name,
            owner_key=person.display_name_key,
            person=None if number % 3 == 0 else person,
            doubt=OwnerDoubt.UNKNOWN if number % 3 == 0 else "",
            title=person.display_name,
            state=state,
            hold_until="indefinite",
            submitted_at=now - timedelta(seconds=number),
        )
        for number, person, printer in zip(numbers, who, printers, strict=True)
        for place, state in enumerate((JobState.HELD, JobState.COMPLETED))
    )


def bulk_items(of: Organization, people: Iterable[PrintUser]) -> None:
    """Items of one operation about these people."""
    operation = BulkOperation.objects.filter(pk=OPERATION).first() or BulkOperation.objects.create(
        pk=OPERATION, organization=of, kind=SUSPEND, total=1, actor_kind=ActorKind.SYSTEM, actor_label="tests"
    )
    BulkItem.objects.bulk_create(BulkItem(operation=operation, object_id=str(person.pk)) for person in people)


def bulk_operations(of: Organization, numbers: range) -> None:
    """Operations that were started, in both ends by turns."""
    now = timezone.now()
    states = (OperationState.FINISHED, OperationState.STOPPED)
    BulkOperation.objects.bulk_create(
        BulkOperation(
            organization=of,
            kind=SUSPEND,
            reason=name,
            state=state,
            actor_kind=ActorKind.SYSTEM,
            actor_label=name[:254],
            total=number,
            created_at=now - timedelta(seconds=number),
            started_at=now,
            ended_at=now,
        )
        for number, name, state in zip(numbers, names(numbers), cycle(states), strict=False)
    )


def rows_everywhere(installation: Installation, exporting: Installation, numbers: range) -> None:
    """Add to every list of the organization a row (or two) for each of the numbers."""
    of = installation.organization
    added = people(of, numbers)
    # No page of members may be full of groups, so that each looks for people too.
    everyone(of, added, groups(of, numbers)[:3], installation.source)
    still_holding(of, [run.person for run in leavers(of, numbers)])
    policies(of, numbers)
    bulk_items(of, added)
    bulk_operations(of, numbers)
    administrators(of, numbers)
    audit_events(of, numbers)
    provisioning_events(installation, added)
    questions(installation, added)
    exports(exporting, numbers)
    print_servers(of, numbers)
    stations(of, numbers)
    printing(of, numbers, added)
    unassigned(of, numbers)
