"""What people print on: IPP servers, their queues, the jobs seen there, release stations."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser


class PrintServer(models.Model):
    """An IPP server we manage as operator.

    ``sealed_secret`` is the operator's password in the secret box. ``generation`` rises when the server was
    rebuilt and numbers its jobs from 1 again. Removing keeps the row, so that printers and jobs keep their
    history, and forgets the password.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="print_servers")
    name = models.CharField(_("name"), max_length=200)
    uri = models.CharField(_("address"), max_length=500)
    user_name = models.CharField(_("operator"), max_length=200, blank=True)
    sealed_secret = models.TextField(blank=True, editable=False)
    generation = models.PositiveIntegerField(default=1, editable=False)
    managed = models.BooleanField(_("managed"), default=True)
    owners_may_release = models.BooleanField(_("owners may release their own jobs"), null=True)
    probe = models.JSONField(default=dict, blank=True)
    probed_at = models.DateTimeField(_("probed"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        verbose_name = _("print server")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "uri"],
                condition=Q(removed_at__isnull=True),
                name="print_server_once",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(sealed_secret=""),
                name="print_server_removed_has_no_secret",
            ),
            models.CheckConstraint(condition=Q(generation__gte=1), name="print_server_generation_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class Printer(models.Model):
    """A queue of a server."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="printers")
    server = models.ForeignKey(PrintServer, models.PROTECT, related_name="printers")
    name = models.CharField(_("name"), max_length=200)
    uri = models.CharField(_("address"), max_length=500)
    location = models.CharField(_("location"), max_length=300, blank=True)
    state = models.PositiveSmallIntegerField(_("state"), null=True, blank=True)
    state_reasons = models.JSONField(default=list, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)

    class Meta:
        verbose_name = _("printer")
        constraints = [models.UniqueConstraint(fields=["server", "name"], name="printer_once")]

    def __str__(self) -> str:
        return self.name


class JobState(models.IntegerChoices):
    """RFC 8011 §5.3.7 job-state."""

    PENDING = 3, _("Pending")
    HELD = 4, _("Held")
    PROCESSING = 5, _("Printing")
    STOPPED = 6, _("Stopped")
    CANCELED = 7, _("Canceled")
    ABORTED = 8, _("Aborted")
    COMPLETED = 9, _("Printed")


class PrintJob(models.Model):
    """A job seen on a server.

    ``generation`` is the server's when the job was seen: numbers start again when it is rebuilt, and
    ``job_uuid`` may be missing. Who holds the job is said where it is us: a leaving (``held_by_run``, the id
    of the run, and ``held_by_step``, the name of its step) or ``held_by``, somebody in the console or a
    program. A job in state 4 without ``held_at`` is held by its owner or by the server.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="print_jobs")
    server = models.ForeignKey(PrintServer, models.PROTECT, related_name="jobs")
    generation = models.PositiveIntegerField(default=1, editable=False)
    printer = models.ForeignKey(Printer, models.SET_NULL, null=True, blank=True, related_name="jobs")
    remote_id = models.PositiveIntegerField(_("job number"))
    job_uuid = models.CharField(max_length=60, blank=True)
    owner_text = models.TextField(_("owner on the server"), blank=True)
    person = models.ForeignKey(PrintUser, models.SET_NULL, null=True, blank=True, related_name="jobs")
    title = models.TextField(_("title"), blank=True)
    state = models.PositiveSmallIntegerField(_("state"), choices=JobState.choices)
    sheets = models.PositiveIntegerField(_("sheets"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    held_at = models.DateTimeField(_("held"), null=True, blank=True)
    held_by_run = models.UUIDField(null=True, blank=True)
    held_by_step = models.CharField(max_length=60, blank=True)
    held_by = models.TextField(_("held by"), blank=True)
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
        ]
        indexes = [
            models.Index(fields=["organization", "-submitted_at"], name="job_newest"),
            models.Index(fields=["person", "-submitted_at"], name="job_of_person"),
            models.Index(
                fields=["held_by_run"], condition=Q(held_by_run__isnull=False), name="job_held_by_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.server_id}/{self.remote_id}"


class Station(models.Model):
    """A release terminal beside a printer, known by its token."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="stations")
    name = models.CharField(_("name"), max_length=200)
    printer = models.ForeignKey(Printer, models.SET_NULL, null=True, blank=True, related_name="stations")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("station")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], condition=Q(revoked_at__isnull=True), name="station_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
