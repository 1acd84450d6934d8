"""Celery's way in to the sealer."""

from celery import shared_task

from printmgmt.audit.sealer import seal_due


@shared_task(name="audit.seal")
def seal() -> None:
    """Seal the audit events that are due."""
    seal_due()
