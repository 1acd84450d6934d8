"""Removes files of the folder that are older than history is kept, or that name an erased person."""

from datetime import datetime, timedelta

import structlog
from django.db.models import Max
from django.utils import timezone

from directory_export.destinations import folder
from directory_export.models import ExportRun
from printmgmt.deprovisioning.policy import shown_policy
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintUser
from printmgmt.rounds import isolate_errors

log = structlog.get_logger(__name__)

MOST = 200
"""Files that one round removes in an organization; the next round goes on."""


def prune_files() -> int:
    """Remove the files that are due in all organizations; return how many. Safe to run anywhere.

    Files that someone else was sent, or downloaded, are theirs.
    """
    present = ExportRun.objects.in_folder().order_by().values("organization").distinct()
    pruned = 0
    for organization in Organization.objects.filter(pk__in=present):
        with isolate_errors("pruning exports", organization=str(organization.pk)):
            pruned += _prune(organization)
    return pruned


def remove_file(run: ExportRun) -> bool:
    """Remove the file of a run, whose row stays; return whether it is gone."""
    try:
        folder.remove_file(run.organization, run.location)
    except OSError as error:
        log.warning("an old export stays for now", file=run.location, error=error.strerror)
        return False
    ExportRun.objects.filter(pk=run.pk).update(removed_at=timezone.now())
    return True


def _prune(organization: Organization) -> int:
    old = ExportRun.objects.in_folder().filter(
        organization=organization, created_at__lt=_kept_from(organization)
    )
    return sum(remove_file(run) for run in old.select_related("organization").order_by("created_at")[:MOST])


def _kept_from(organization: Organization) -> datetime:
    """Return the moment before which no file is kept: an export names everyone who is not removed.

    So a file ordered before an anonymized person was removed may name them; one ordered later cannot.
    """
    days = shown_policy(organization).retention_days
    erased = PrintUser.objects.of(organization).filter(state=PersonState.ANONYMISED)
    last: datetime | None = erased.aggregate(last=Max("removed_at"))["last"]
    too_old = timezone.now() - timedelta(days=days)
    return max(too_old, last) if last else too_old
