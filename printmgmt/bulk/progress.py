"""How far an operation is: counted from its items, which is right also after a crash."""

from django.db.models import Count

from printmgmt.bulk.models import BulkOperation, ItemState

COUNTED = {"done": ItemState.DONE, "failed": ItemState.FAILED, "skipped": ItemState.SKIPPED}


def counts(operation: BulkOperation) -> dict[str, int]:
    """Return how many items are ``done``, ``failed`` and ``skipped`` now."""
    rows = operation.items.order_by().values_list("state").annotate(number=Count("id"))
    by_state = dict(rows)
    return {name: by_state.get(state, 0) for name, state in COUNTED.items()}
