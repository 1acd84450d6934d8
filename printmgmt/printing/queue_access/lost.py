"""Says in the audit log that names had disappeared from lists and were put back."""

from types import TracebackType
from typing import Final, Self

import structlog

from printmgmt.audit.actors import system
from printmgmt.printing.models import PrintServer
from printmgmt.printing.queue_access.lists import Plan
from printmgmt.printing.servers.adding import record_server

log = structlog.get_logger(__name__)

BY: Final = system("print server round")


class Lost:
    """Collects what was lost on a server, and records it at the end, however that comes. As a context.

    The server crashed before it wrote its lists to its disk, or someone changed them. The event has the
    queues and how many names were put back, never a name.
    """

    def __init__(self, server: PrintServer) -> None:
        self._server = server
        self._queues: list[str] = []
        self._names = 0

    def note(self, queue: str, plan: Plan) -> None:
        if plan.lost:
            self._queues.append(queue)
            self._names = max(self._names, len(plan.lost))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._queues:
            return
        log.warning("names were put back into lists", server=str(self._server.pk), queues=len(self._queues))
        record_server(
            self._server, "print-server.lists-restored", by=BY, queues=self._queues, names=self._names
        )
