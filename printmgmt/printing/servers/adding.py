"""Adds print servers and changes how they are reached. They are asked first, outside a transaction."""

from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.locks import lock_alone
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import PrintServer, ServerRound, move_lists
from printmgmt.printing.servers.checking import Seen, look
from printmgmt.printing.servers.connecting import BOX
from printmgmt.printing.servers.entries import Entry, read_entry, refuse_taken, used_elsewhere
from printmgmt.printing.servers.exceptions import ServerRemoved
from printmgmt.work.nudges import nudge_after_commit

ROUNDS: Final = "printing.rounds"
"""The work that reads servers (`printmgmt.printing.rounds`)."""

_SERVERS: Final = "print-servers"
"""The lock of the one who adds a server to an organization or changes an address (ADR 21)."""

# What an outage left on a server; another address, or the end of a pause, is no outage.
_NO_OUTAGE: Final = {"offline_since": None, "outage_notified_at": None, "problem": ""}


def add_server(
    organization: Organization,
    *,
    address: str,
    user_name: str = "",
    password: str = "",
    name: str = "",
    fingerprint: str = "",
    by: Actor,
) -> PrintServer:
    """Add the server at an address, once it answered and took the login; order its first round.

    ``name`` is the host's unless given, ``fingerprint`` the SHA-256 of a certificate that a person confirmed.
    A server that was removed comes back as the same row: its printers, jobs and settings go on.

    Raises InvalidEntry, AddressTaken and IppError; then nothing was changed.
    """
    entry = read_entry(
        name=name, address=address, user_name=user_name, password=password, fingerprint=fingerprint
    )
    refuse_taken(organization, entry.access.address)
    seen = look(entry.access)
    with transaction.atomic():
        lock_alone(_SERVERS, organization.pk)
        refuse_taken(organization, entry.access.address)
        server = _former(organization, entry) or PrintServer(organization=organization)
        continues = server.removed_at is not None
        _write(server, entry, seen)
        server.removed_at = server.paused_at = None
        for column, value in _NO_OUTAGE.items():
            setattr(server, column, value)
        server.save()
        ordered = ServerRound.objects.create(organization=organization, server=server)
        record_server(
            server,
            "print-server.added",
            by=by,
            uri=server.uri,
            operator=server.user_name,
            continues=continues,
        )
        nudge_after_commit(ROUNDS, ordered.pk)
    return server


def change_server(
    server: PrintServer,
    *,
    name: str,
    address: str,
    user_name: str = "",
    password: str = "",
    fingerprint: str = "",
    by: Actor,
) -> bool:
    """Change name, address, login or certificate; return whether anything was different.

    Without a ``password`` the stored one stays, unless address or operator are others. The server is asked
    unless only the name changes. Raises InvalidEntry, AddressTaken, ServerRemoved and IppError; then nothing
    was changed.
    """
    entry = read_entry(
        name=name,
        address=address,
        user_name=user_name,
        password=password,
        fingerprint=fingerprint,
        kept=server,
    )
    refuse_taken(server.organization, entry.access.address, but=server)
    reached_otherwise = bool(password) or _reached(server) != _reached_by(entry)
    seen = look(entry.access) if reached_otherwise else Seen(server.version)
    with transaction.atomic():
        lock_alone(_SERVERS, server.organization_id)
        server = lock_server(server)
        refuse_taken(server.organization, entry.access.address, but=server)
        before = (server.name, *_reached(server))
        old_key, another = server.address_key, server.address_key != entry.access.address.key
        _write(server, entry, seen)
        changes = {
            field: [old, new]
            for field, old, new in zip(_FIELDS, before, (server.name, *_reached(server)), strict=True)
            if old != new
        }
        if not changes and not password:
            return False
        if another:  # what the last test found, it found elsewhere
            server.probe, server.probed_at = {}, None
            if not (old_key and used_elsewhere(server.organization, old_key)):
                move_lists(old_key or str(server.pk), server.address_key or str(server.pk))
        if reached_otherwise:
            for column, value in _NO_OUTAGE.items():
                setattr(server, column, value)
            order_round(server)
        server.save()
        record_server(server, "print-server.changed", by=by, changes=changes, password_changed=bool(password))
    return True


def lock_server(server: PrintServer) -> PrintServer:
    """Return the row under lock. Raises ServerRemoved when it was removed in the meantime."""
    rows = PrintServer.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    locked = rows.get(pk=server.pk)
    if locked.removed_at is not None:
        raise ServerRemoved(_("The print server was removed in the meantime."))
    return locked


def order_round(server: PrintServer) -> None:
    """Have the server read as soon as this transaction is committed."""
    ordered, _created = ServerRound.objects.get_or_create(
        server=server, defaults={"organization_id": server.organization_id}
    )
    now = timezone.now()
    ordered.queues_due_at = now
    ordered.save(update_fields=[*ordered.start_over(due_at=now), "queues_due_at"])
    nudge_after_commit(ROUNDS, ordered.pk)


def record_server(server: PrintServer, verb: str, *, by: Actor, **details: Any) -> None:
    """Write one audit event about a server. No password ever stands in ``details``."""
    record(
        server.organization,
        verb,
        by=by,
        object_type="print-server",
        object_id=server.pk,
        label=server.name,
        **details,
    )


_FIELDS = ("name", "uri", "user_name", "fingerprint")


def _reached(server: PrintServer) -> tuple[str, ...]:
    return server.uri, server.user_name, server.fingerprint


def _reached_by(entry: Entry) -> tuple[str, ...]:
    return str(entry.access.address), entry.user_name, entry.access.fingerprint


def _write(server: PrintServer, entry: Entry, seen: Seen) -> None:
    server.name = entry.name
    server.uri, server.user_name, server.fingerprint = _reached_by(entry)
    server.address_key = entry.access.address.key
    server.sealed_secret = BOX.seal(entry.access.login.password) if entry.access.login else ""
    server.version = seen.version


def _former(organization: Organization, entry: Entry) -> PrintServer | None:
    """Return the server that was here and was removed, the last one if there were several."""
    gone = PrintServer.objects.filter(
        organization=organization, address_key=entry.access.address.key, removed_at__isnull=False
    )
    return gone.select_for_update(of=("self",)).order_by("-removed_at").first()
