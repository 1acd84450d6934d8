"""The queues of a server as rows: new ones, changed ones, renamed ones and those that are gone."""

from datetime import datetime
from typing import Any

from printmgmt.printing.ipp.attributes import Queue
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone
from printmgmt.printing.ipp.names import cut
from printmgmt.printing.models import Printer, PrinterState, PrintServer

LONGEST_NAME = 200
_REASONS = 50
"""More reasons than this are no reasons."""


class Queues:
    """The rows of a server's queues, by name; read once a round."""

    def __init__(self, server: PrintServer, client: Client, *, sent_at: datetime) -> None:
        self._server = server
        self._client = client
        self._sent_at = sent_at
        self._rows = {row.name: row for row in server.printers.all()}

    @property
    def rows(self) -> list[Printer]:
        """All queues of the server, missing ones included."""
        return list(self._rows.values())

    @property
    def have_secure_release(self) -> bool:
        """Whether to read queues in every round: one that someone resumed prints what should wait."""
        return any(row.secure_since for row in self.rows)

    def refresh(self) -> None:
        """Read all queues. What is not listed and was there the last time is asked for by name.

        From another machine, CUPS lists only the queues that it shares; jobs may wait in the others.
        """
        listed = {queue.name: queue for queue in self._client.queues() if _fits(queue)}
        self._rename(listed)
        gone = []
        for name, row in self._rows.items():
            if name not in listed and row.missing_since is None:
                try:
                    listed[name] = self._client.queue(name)
                except Gone:
                    row.missing_since = self._sent_at
                    gone.append(row.pk)
        self._write(list(listed.values()))
        printers = Printer.objects.filter(server=self._server)
        if gone:
            printers.filter(pk__in=gone).update(missing_since=self._sent_at)
        printers.filter(missing_since__isnull=True).update(last_seen_at=self._sent_at)

    def find(self, name: str) -> Printer | None:
        """Return the row of a queue that a job names; a new one is read. None for one that is not there."""
        if self._client.address.path:  # a device: all its jobs are in its one queue
            return next((row for row in self._rows.values() if row.missing_since is None), None)
        row = self._rows.get(name)
        if row is None and 0 < len(name) <= LONGEST_NAME:
            try:
                queue = self._client.queue(name)
            except Gone:
                return None
            self._write([queue])
            row = self._rows.get(name)
        return row

    def _rename(self, listed: dict[str, Queue]) -> None:
        """A queue that is there under another name keeps its row, with its jobs, stations and devices."""
        left = {row.uuid: row for row in self._rows.values() if row.uuid and row.name not in listed}
        for queue in listed.values():
            row = left.pop(queue.uuid, None) if queue.name not in self._rows else None
            if row is not None:
                del self._rows[row.name]
                row.name = queue.name
                row.save(update_fields=["name"])
                self._rows[row.name] = row

    def _write(self, queues: list[Queue]) -> None:
        new, changed = [], []
        for queue in queues:
            columns = columns_of(queue)
            row = self._rows.get(queue.name)
            if row is None:
                row = self._rows[queue.name] = Printer(
                    organization_id=self._server.organization_id,
                    server=self._server,
                    name=queue.name,
                    last_seen_at=self._sent_at,
                    **columns,
                )
                new.append(row)
            elif any(getattr(row, name) != value for name, value in columns.items()):
                for name, value in columns.items():
                    setattr(row, name, value)
                changed.append(row)
        Printer.objects.bulk_create(new)
        if changed:
            Printer.objects.bulk_update(changed, list(columns_of(queues[0])))


def columns_of(queue: Queue) -> dict[str, Any]:
    """What a server says about a queue, as columns of its row."""
    return {
        "uri": cut(queue.uri, 500),
        "uuid": cut(queue.uuid, 60),
        "is_class": queue.is_class,
        "info": cut(queue.info, 1023),
        "location": cut(queue.location, 1023),
        "make_model": cut(queue.make_model, 1023),
        "state": PrinterState(queue.state),
        "state_reasons": [cut(reason) for reason in queue.state_reasons[:_REASONS]],
        "state_message": cut(queue.state_message, 1023),
        "accepting": queue.accepting,
        "op_policy": cut(queue.op_policy, 200),
        "hold_default": cut(queue.hold_default, 100),
        "missing_since": None,
    }


def _fits(queue: Queue) -> bool:
    return len(queue.name) <= LONGEST_NAME
