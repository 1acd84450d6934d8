"""The jobs seen on print servers."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.models.printer import Printer
from printmgmt.printing.models.server import PrintServer


class JobState(models.IntegerChoices):
    """RFC 8011 §5.3.7 job-state."""

    PENDING = 3, _("Pending")
    HELD = 4, _("Held")
    PROCESSING = 5, _("Printing")
    STOPPED = 6, _("Stopped")
    CANCELED = 7, _("Canceled")
    ABORTED = 8, _("Aborted")
    COMPLETED = 9, _("Printed")


WAITING: Final = (JobState.PENDING, JobState.HELD)
"""States of a job that has not begun to print."""

OPEN: Final = (*WAITING, JobState.PROCESSING, JobState.STOPPED)
"""States of a job that is not over (RFC 8011 §3.2.6.1 not-completed)."""


IS_OPEN: Final = Q(state__in=OPEN, gone_at__isnull=True)
"""Jobs that are not over, as far as we know; written like this, partial indexes find them."""


class OwnerDoubt(models.TextChoices):
    """Why a job is nobody's yet."""

    NONE = "", _("No doubt")
    HIDDEN = "hidden", _("The server hides the owner")
    MISSING = "missing", _("The job names no owner")
    FORGED = "forged", _("The job names two owners")
    UNKNOWN = "unknown", _("No person prints under this name")
    AMBIGUOUS = "ambiguous", _("Several people print under this name")
    REUSED = "reused", _("The name belongs to someone else now")


class PrintJob(models.Model):
    """A job seen on a server.

    ``generation`` is the server's when the job was seen: numbers start again when it is rebuilt, and
    ``job_uuid`` may be missing. ``owner_text`` is the owner as the server names it, ``owner_key`` the form in
    which names are compared; ``doubt`` says why ``person`` is empty. ``claimed``: someone of the console said
    whose this one job is, since its name is someone else's. ``seen_at`` is when the request was sent whose
    answer this row shows, so that an older answer never overwrites a newer one. ``gone_at``: the server no
    longer has the job, and its end was not seen.

    Who holds the job is said where it is us: a leaving (``held_by_run``, the id of the run, and
    ``held_by_step``, the name of its step) or ``held_by``, a person in the console or a program.
    ``hold_until_before`` is job-hold-until before we held it, so that a release restores it. A job in state 4
    without ``held_at`` is held by its owner or by the server. ``holds_lost`` counts how often a round found
    that a job had not stayed held (the server crashed, its owner released it) and held it again.
    ``late_for_run`` is the run of a leaving after which the job came, under a name of who had left.
    """

    # Each of the four keys begins an index below; one more for each would cost a million rows for nothing.
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="print_jobs", db_index=False)
    server = models.ForeignKey(PrintServer, models.PROTECT, related_name="jobs", db_index=False)
    generation = models.PositiveIntegerField(default=1, editable=False)
    printer = models.ForeignKey(
        Printer, models.SET_NULL, null=True, blank=True, related_name="jobs", db_index=False
    )
    remote_id = models.PositiveIntegerField(_("job number"))
    job_uuid = models.CharField(max_length=60, blank=True)
    owner_text = models.TextField(_("owner on the server"), blank=True)
    owner_key = models.TextField(blank=True, editable=False)
    doubt = models.CharField(max_length=20, choices=OwnerDoubt.choices, blank=True)
    person = models.ForeignKey(
        PrintUser, models.SET_NULL, null=True, blank=True, related_name="jobs", db_index=False
    )
    claimed = models.BooleanField(default=False, db_default=False)
    title = models.TextField(_("title"), blank=True)
    state = models.PositiveSmallIntegerField(_("state"), choices=JobState.choices)
    state_reasons = models.JSONField(default=list, blank=True)
    hold_until = models.CharField(max_length=100, blank=True)
    impressions = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    sheets = models.PositiveIntegerField(_("sheets"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    seen_at = models.DateTimeField(default=timezone.now, editable=False)
    gone_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(_("held"), null=True, blank=True)
    held_by_run = models.UUIDField(null=True, blank=True)
    held_by_step = models.CharField(max_length=60, blank=True)
    held_by = models.TextField(_("held by"), blank=True)
    hold_until_before = models.CharField(max_length=100, blank=True)
    holds_lost = models.PositiveSmallIntegerField(default=0)
    late_for_run = models.UUIDField(null=True, blank=True, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("print job")
        constraints = [
            models.UniqueConstraint(fields=["server", "generation", "remote_id"], name="print_job_once"),
            models.CheckConstraint(condition=Q(generation__gte=1), name="print_job_generation_positive"),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, held_by_run__isnull=True, held_by_step="", held_by="")
                | Q(held_at__isnull=False, held_by_run__isnull=False, held_by="") & ~Q(held_by_step="")
                | Q(held_at__isnull=False, held_by_run__isnull=True, held_by_step="") & ~Q(held_by=""),
                name="print_job_held_by_one",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(doubt=""), name="print_job_doubted_is_nobodys"
            ),
        ]
        indexes = [
            # Lists are read newest first, page after page, whatever narrows them.
            models.Index(fields=["organization", "-submitted_at", "-id"], name="job_newest"),
            models.Index(fields=["server", "-submitted_at", "-id"], name="job_of_server"),
            models.Index(fields=["printer", "-submitted_at", "-id"], name="job_of_printer"),
            models.Index(fields=["person", "-submitted_at", "-id"], name="job_of_person"),
            models.Index(fields=["organization", "remote_id"], name="job_number"),
            models.Index(
                fields=["organization", "-submitted_at", "-id"],
                condition=Q(person__isnull=True),
                name="job_nobodys_newest",
            ),
            models.Index(fields=["organization", "-submitted_at", "-id"], condition=IS_OPEN, name="job_open"),
            models.Index(
                fields=["printer", "-submitted_at", "-id"], condition=IS_OPEN, name="job_open_at_printer"
            ),
            models.Index(
                fields=["person", "-submitted_at", "-id"], condition=IS_OPEN, name="job_open_of_person"
            ),
            models.Index(
                fields=["server", "generation", "remote_id"],
                condition=IS_OPEN,
                name="job_open_on_server",
            ),
            models.Index(
                fields=["organization", "owner_key"], condition=Q(person__isnull=True), name="job_nobodys"
            ),
            models.Index(
                fields=["held_by_run"], condition=Q(held_by_run__isnull=False), name="job_held_by_run"
            ),
            models.Index(
                fields=["late_for_run"], condition=Q(late_for_run__isnull=False), name="job_late_for_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.server_id}/{self.remote_id}"
