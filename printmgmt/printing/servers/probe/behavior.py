"""Tries on one held job without a document what strangers, its owner and claimed operators may do to it."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from printmgmt.printing.ipp.attributes import Job, Queue
from printmgmt.printing.ipp.client import Client, UserClient
from printmgmt.printing.ipp.errors import Forbidden, IppError, NotNow, NotPossible
from printmgmt.printing.servers.probe.found import PolicyFound, Right, Skipped, Who
from printmgmt.printing.servers.probe.lists import with_lists
from printmgmt.printing.servers.probe.own_jobs import OwnJobs

STRANGER: Final = "printmgmt-probe-stranger"
ROOT: Final = "root"
PRIORITY: Final = 50
"""What CUPS gives a job that names none, so that nothing is different afterwards."""


@dataclass(frozen=True)
class Trial:
    """A test of one server, which ends at ``ends_at`` (`time.monotonic`) however slow the server is.

    ``operator`` is the name that the server knows the operator by.
    """

    client: Client
    own: OwnJobs
    operator: str
    ends_at: float

    def of_policy(self, name: str, queues: Sequence[Queue]) -> PolicyFound:
        """Return what was seen on the queues of one policy, of which one is tried. Raises NotNow."""
        accepting = [queue for queue in queues if queue.accepting is not False]
        # A class last: a job in it moves to one of its members.
        accepting.sort(key=lambda queue: queue.is_class)
        queue: Queue | None = None
        for read in with_lists(self.client, accepting):
            if not read.allowed:
                queue = queue or read
                if not read.denied:
                    queue = read
                    break
        if queue is None:
            return PolicyFound(
                name, len(queues), skipped=Skipped.CLOSED if accepting else Skipped.NOT_ACCEPTING
            )
        try:
            with self.own.purged():
                return self._of_queue(name, queue.name, count=len(queues))
        except NotNow:
            raise
        except NotPossible:
            return PolicyFound(name, len(queues), skipped=Skipped.FULL)
        except IppError:
            return PolicyFound(name, len(queues), skipped=Skipped.FAILED)

    def _of_queue(self, name: str, queue: str, *, count: int) -> PolicyFound:
        try:
            job_id = self.own.make(queue, as_operator=False)
            needs_login = False
        except Forbidden:
            job_id = self.own.make(queue, as_operator=True)
            needs_login = True
        shown, known, claimed = (
            self._look(client, job_id)
            for client in (self.client.as_user(STRANGER), self.client, self.client.as_user(self.operator))
        )
        claims = {
            Who.STRANGER: STRANGER,
            Who.OWNER: self.operator if needs_login else self.own.mark,
            Who.OPERATOR_NAME: self.operator,
        }
        rights: dict[Right, list[str]] = {}
        for who, user_name in claims.items():
            for right, attempt in _without_end(self.client.as_user(user_name), job_id, queue):
                rights.setdefault(right, []).extend([who] if self._succeeds(attempt) else [])
        if self._succeeds(partial(self.client.as_user(ROOT).set_priority, job_id, PRIORITY)):
            rights[Right.CHANGE].append(Who.ROOT_NAME)
        rights[Right.RELEASE] = []
        for who, user_name in claims.items():
            if rights[Right.RELEASE]:
                # A released job without a document is over at once.
                job_id = self.own.make(queue, as_operator=needs_login)
            if self._succeeds(partial(self.client.as_user(user_name).release, job_id)):
                rights[Right.RELEASE].append(who)
        return PolicyFound(
            name,
            count,
            needs_login=needs_login,
            owners_shown=bool(shown and shown.owners),
            titles_shown=shown is not None and shown.title is not None,
            operator_sees_owners=bool(known and known.owners),
            # A job of the operator's own says nothing: anyone who states its owner's name sees it.
            operator_name_sees_owners=None if needs_login else bool(claimed and claimed.owners),
            rights={right.value: allowed for right, allowed in rights.items()},
        )

    def _look(self, client: Client | UserClient, job_id: int) -> Job | None:
        """The job, None where it is not shown. Raises NotNow."""
        try:
            return client.job(job_id)
        except NotNow:
            raise
        except IppError:
            return None

    def _succeeds(self, attempt: Callable[[], None]) -> bool:
        """Whether the server did it. Raises NotNow; any other error is a refusal."""
        if time.monotonic() > self.ends_at:
            raise NotNow(_("The print server answers too slowly to be tested now."))
        try:
            attempt()
        except NotNow:
            raise
        except IppError:
            return False
        return True


def _without_end(user: UserClient, job_id: int, queue: str) -> Iterator[tuple[Right, Callable[[], None]]]:
    """What can be tried on a held job without anything happening to it."""
    yield Right.CHANGE, partial(user.set_priority, job_id, PRIORITY)
    yield Right.HOLD, partial(user.hold, job_id)
    yield Right.MOVE, partial(user.move, job_id, queue)
