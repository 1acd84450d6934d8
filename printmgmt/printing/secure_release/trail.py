"""What the audit says about secure release."""

from typing import Any

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.printing.models import Printer


def record_release(queue: Printer, verb: str, *, by: Actor, **details: Any) -> None:
    """Write one audit event about a queue."""
    record(
        queue.organization,
        verb,
        by=by,
        object_type="printer",
        object_id=queue.pk,
        label=queue.name,
        server=queue.server.name,
        **details,
    )
