"""Orders bulk operations and stops them. Each function is one transaction."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.bulk.exceptions import NothingChosen
from printmgmt.bulk.kinds import kind_named
from printmgmt.bulk.models import BULK_WORK, BulkItem, BulkOperation, ItemState, OperationState
from printmgmt.bulk.progress import counts
from printmgmt.organizations.models import Organization
from printmgmt.work.nudges import nudge_after_commit

BATCH: Final = 1000
"""Items that one INSERT writes."""


@transaction.atomic
def prepare(
    kind: str,
    ids: Iterable[object],
    *,
    organization: Organization,
    by: Actor,
    seen: Mapping[str, object] | None = None,
    options: Mapping[str, Any] | None = None,
) -> BulkOperation:
    """Write down what an operation would change, and return it: nothing is changed before `start`.

    ``kind`` is the name of a registered kind, ``ids`` those of the rows, in the order in which they are
    changed; one that is named twice is taken once. ``seen`` holds by id, as text, what the row was at; what
    it means is the kind's. Call with ids of this organization only. Raises NothingChosen.
    """
    chosen = list(dict.fromkeys(str(pk) for pk in ids))
    if not chosen:
        raise NothingChosen
    operation = BulkOperation.objects.create(
        organization=organization,
        kind=kind,
        options=dict(options or {}),
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
        source=by.source,
        request_id=by.request_id,
        ends_console_access=by.ends_console_access,
        total=len(chosen),
    )
    at = {} if seen is None else seen
    items = (BulkItem(operation=operation, object_id=pk, seen=str(at.get(pk, ""))) for pk in chosen)
    while batch := list(islice(items, BATCH)):
        BulkItem.objects.bulk_create(batch)
    return operation


@transaction.atomic
def start(operation: BulkOperation, *, by: Actor, reason: str = "") -> bool:
    """Have a prepared operation carried out in the name of ``by``; return False if it was started before.

    Locks and refreshes ``operation``.
    """
    _lock(operation)
    if operation.state != OperationState.PREVIEW:
        return False
    operation.state, operation.reason = OperationState.WORKING, reason
    operation.started_at = operation.due_at = timezone.now()
    operation.actor_kind, operation.actor_id, operation.actor_label = by.kind, by.id, by.label
    operation.source, operation.request_id = by.source, by.request_id
    operation.ends_console_access = by.ends_console_access
    operation.save()
    _audit(operation, "bulk.started", by, reason=reason)
    nudge_after_commit(BULK_WORK, operation.pk)
    return True


@transaction.atomic
def order(
    kind: str,
    ids: Iterable[object],
    *,
    organization: Organization,
    by: Actor,
    reason: str = "",
    seen: Mapping[str, object] | None = None,
    options: Mapping[str, Any] | None = None,
) -> BulkOperation:
    """Prepare an operation and start it at once. Arguments and errors as of `prepare`."""
    made = prepare(kind, ids, organization=organization, by=by, seen=seen, options=options)
    start(made, by=by, reason=reason)
    return made


@transaction.atomic
def stop(operation: BulkOperation, *, by: Actor) -> bool:
    """Change nothing more; what is done stays. Returns False if the operation was over, or never started.

    Locks and refreshes ``operation``, and waits for the item that is being changed.
    """
    _lock(operation)
    if operation.state != OperationState.WORKING:
        return False
    now = timezone.now()
    operation.items.filter(state=ItemState.PENDING).update(state=ItemState.STOPPED, ended_at=now)
    end(operation, OperationState.STOPPED)
    _audit(operation, "bulk.stopped", by)
    return True


def end(operation: BulkOperation, state: OperationState) -> None:
    """Save a locked operation as over."""
    operation.state, operation.ended_at = state, timezone.now()
    for name, number in counts(operation).items():
        setattr(operation, name, number)
    operation.save(update_fields=["state", "ended_at", "done", "failed", "skipped"])
    kind = kind_named(operation.kind)
    if kind is not None:
        kind.ended(operation)


def _lock(operation: BulkOperation) -> None:
    operation.refresh_from_db(from_queryset=BulkOperation.objects.select_for_update(no_key=True))


def _audit(operation: BulkOperation, verb: str, by: Actor, *, reason: str = "") -> None:
    record(
        operation.organization,
        verb,
        by=by,
        object_type="bulk",
        object_id=operation.pk,
        reason=reason,
        kind=operation.kind,
        total=operation.total,
    )
