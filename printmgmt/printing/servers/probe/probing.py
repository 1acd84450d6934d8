"""Tests a server: about 25 requests and less than a second for one policy. Nothing is printed."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.printing.ipp.attributes import Queue
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import IppError, NotNow, NotSupported
from printmgmt.printing.models import PrintServer
from printmgmt.printing.servers.adding import lock_server, record_server
from printmgmt.printing.servers.connecting import WHILE_SOMEBODY_WAITS, client_for
from printmgmt.printing.servers.exceptions import AlreadyTesting
from printmgmt.printing.servers.observers import announce_test
from printmgmt.printing.servers.probe.behavior import Trial
from printmgmt.printing.servers.probe.configuration import Configuration, read_configuration
from printmgmt.printing.servers.probe.found import MOST_NAMES, Compares, Found, PolicyFound, Right, Who
from printmgmt.printing.servers.probe.names import compares_names
from printmgmt.printing.servers.probe.own_jobs import OwnJobs

_LONGEST: Final = 180
"""Seconds after which a test that never came back stands in no other's way."""

_PATIENCE: Final = 40
"""Seconds that someone waits for a test."""

# What each right is called in cupsd.conf.
OPERATIONS: Final = {
    Right.RELEASE: "Release-Job",
    Right.MOVE: "CUPS-Move-Job",
    Right.CHANGE: "Set-Job-Attributes",
    Right.HOLD: "Hold-Job",
    Right.RESTART: "Restart-Job",
    Right.AUTHENTICATE: "CUPS-Authenticate-Job",
}
_LOGINS: Final = (Who.OWNER_LOGIN, Who.ANY_LOGIN)


def probe_server(server: PrintServer, *, by: Actor) -> Found:
    """Test a server, keep what was found and return it.

    Raises IppError, AlreadyTesting and ServerRemoved; then what the last test found stays.
    """
    # Two at once would purge each other's jobs.
    turn = f"print-server-test:{server.pk}"
    if not cache.add(turn, True, _LONGEST):
        raise AlreadyTesting(_("Someone is testing this print server right now. Try again in a minute."))
    try:
        with client_for(server, limits=WHILE_SOMEBODY_WAITS) as client:
            found = probe(client, mark=f"printmgmt-probe-{server.pk.hex[:12]}", operator=server.user_name)
    finally:
        cache.delete(turn)
    with transaction.atomic():
        server = lock_server(server)
        server.probe, server.probed_at = found.as_json(), timezone.now()
        server.version, server.max_jobs = found.cups_version, found.max_jobs
        server.save(update_fields=["probe", "probed_at", "version", "max_jobs"])
        record_server(server, "print-server.tested", by=by)
    announce_test(server)
    return found


def probe(client: Client, *, mark: str, operator: str) -> Found:
    """Return what a server lets everyone do; ``mark`` is the odd owner of the jobs that are made and purged.

    Raises IppError where the server cannot be asked at all, NotNow also in the middle.
    """
    queues = client.queues()
    version = next((queue.cups_version for queue in queues if queue.cups_version), "")
    if client.address.path or not operator:
        return Found(is_cups=bool(version), cups_version=version, queues=len(queues))
    try:
        configuration = read_configuration(client.read_configuration())
    except NotSupported:
        return Found(is_cups=False, queues=len(queues))
    own = OwnJobs(client, mark)
    open_jobs = _tidy(client, own)
    trial = Trial(client, own, operator, ends_at=time.monotonic() + _PATIENCE)
    policies = [
        _completed(trial.of_policy(name, found), found, configuration)
        for name, found in _by_policy(queues, configuration.default_policy).items()
    ]
    strips = configuration.directives.get("stripuserdomain")
    return Found(
        is_cups=True,
        cups_version=version,
        has_login=True,
        configuration_read=bool(configuration.policies),
        queues=len(queues),
        policies=tuple(policies),
        default_policy=configuration.default_policy,
        open_jobs=open_jobs,
        max_jobs=configuration.max_jobs,
        max_hold_seconds=configuration.max_hold_seconds,
        kept_seconds=configuration.kept_seconds,
        compares=_compares(client, queues, version, strips),
        left_over=own.left_over,
    )


def _tidy(client: Client, own: OwnJobs) -> int:
    """Purge what earlier tests left behind, and return how many jobs are open."""
    jobs = list(client.jobs(attributes=("job-originating-user-name", "job-name")))
    left = [job for job in jobs if own.includes(job)]
    own.purge(*(job.id for job in left))
    return sum(not job.state.is_over for job in jobs) - sum(not job.state.is_over for job in left)


def _by_policy(queues: list[Queue], default: str) -> dict[str, list[Queue]]:
    found: dict[str, list[Queue]] = defaultdict(list)
    for queue in queues:
        found[queue.op_policy or default].append(queue)
    return dict(sorted(found.items()))


def _completed(seen: PolicyFound, queues: Sequence[Queue], configuration: Configuration) -> PolicyFound:
    """Add some of the queues' names, and what only cupsd.conf says: what cannot be tried, and who logs in."""
    rights = dict(seen.rights)
    for right, operation in OPERATIONS.items():
        written = configuration.who_may(seen.name, operation)
        if written is None:
            continue
        tried = rights.get(right)
        claimed = (
            tried if tried is not None else [who for who in Who if who in written and who not in _LOGINS]
        )
        rights[right.value] = [*claimed, *(who for who in _LOGINS if who in written)]
    return replace(seen, names=sorted(queue.name for queue in queues)[:MOST_NAMES], rights=rights)


def _compares(client: Client, queues: list[Queue], version: str, strips: str | None) -> str:
    strips_domain = None if strips is None else strips.lower() in ("yes", "on", "true")
    try:
        return compares_names(client, queues, version=version, strips_domain=strips_domain)
    except NotNow:
        raise
    except IppError:
        return Compares.UNKNOWN
