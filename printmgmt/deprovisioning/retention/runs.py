"""Erases what runs, steps and receipts say about a person; states, times and numbers stay."""

import re
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep
from printmgmt.deprovisioning.receipts.erasing import erase_personal
from printmgmt.people.models import CredentialKind

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")


def erase_runs(ids: Collection[UUID]) -> list[str]:
    """Erase typed reasons, labels, evidence in words and the personal part of receipts; return the runs' ids.

    Receipts stay valid: what is signed holds a salted digest of the personal part.
    """
    runs = DeprovisionRun.objects.filter(person__in=ids)
    runs.update(reason="", ticket="")
    steps = list(DeprovisionStep.objects.filter(run__person__in=ids))
    for step in steps:
        step.evidence, step.error, step.decision_reason = impersonal(step.evidence), "", ""
        if step.target_kind != "print-server":
            step.target_label = ""
    erased = ["evidence", "error", "decision_reason", "target_label"]
    DeprovisionStep.objects.bulk_update(steps, erased, batch_size=200)
    erase_personal(ids)
    return [str(pk) for pk in runs.values_list("pk", flat=True)]


def impersonal(value: Any) -> Any:
    """Return evidence without names: numbers, moments and kinds of credentials stay, other text goes."""
    if isinstance(value, dict):
        return {key: impersonal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [impersonal(item) for item in value]
    if isinstance(value, str) and value not in CredentialKind.values and not _MOMENT.fullmatch(value):
        return ""
    return value
