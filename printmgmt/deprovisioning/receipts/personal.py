"""The personal part of a receipt: names, mail and free text. Erased together with its salt."""

import hashlib
from collections.abc import Sequence
from typing import Any

from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep
from printmgmt.deprovisioning.receipts.canonical import canonical
from printmgmt.deprovisioning.steps import STEP_BY_NAME
from printmgmt.people.models import PrintAlias

SALT_BYTES = 16

PUBLIC_TARGETS = frozenset({"print-server", "printer", "queue"})
"""Kinds of targets whose label names equipment. Any other label may name a person, such as a phone's."""


def personal_of(run: DeprovisionRun, steps: Sequence[DeprovisionStep]) -> dict[str, Any]:
    """Return what a receipt says about the person, and what people wrote about the leaving. One query."""
    person = run.person
    aliases = PrintAlias.objects.filter(person=person.pk).values_list("value", flat=True)
    return {
        "user_name": person.user_name,
        "display_name": person.display_name,
        "work_email": person.work_email,
        "aliases": sorted(set(aliases)),
        "ordered_by": run.caused_by,
        "reason": run.reason,
        "ticket": run.ticket,
        "steps": {str(step.pk): part for step in steps if (part := _of_step(step))},
    }


def personal_digest(salt: bytes, personal: dict[str, Any]) -> str:
    """Return the SHA-256 of ``salt`` and the canonical personal part, which the signed body contains."""
    return hashlib.sha256(salt + canonical(personal)).hexdigest()


def is_personal(name: str, key: str) -> bool:
    """Whether a key of the evidence of the step called ``name`` is about the person."""
    return name not in STEP_BY_NAME or key in STEP_BY_NAME[name].personal_evidence


def plain(value: Any) -> Any:
    """Return ``value`` without fractions, which tools write in different ways: they become text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, float) else value


def _of_step(step: DeprovisionStep) -> dict[str, Any]:
    part: dict[str, Any] = {
        key: plain(value) for key, value in step.evidence.items() if is_personal(step.name, key)
    }
    if step.target_label and step.target_kind not in PUBLIC_TARGETS:
        part["target"] = step.target_label
    return part
