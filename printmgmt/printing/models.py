"""What people print on: IPP servers, their queues, the jobs seen there, release stations."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser


class PrintServer(models.Model):
    """An IPP server we manage as operator. ``secret`` names where its password is kept, never holds it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="print_servers")
    name = models.CharField(_("name"), max_length=200)
    uri = models.CharField(_("address"), max_length=500)
    user_name = models.CharField(_("operator"), max_length=200, blank=True)
    secret = models.CharField(_("secret"), max_length=200, blank=True)
    managed = models.BooleanField(_("managed"), default=True)
    owners_may_release = models.BooleanField(_("owners may release their own jobs"), null=True)
    probe = models.JSONField(default=dict, blank=True)
    probed_at = models.DateTimeField(_("probed"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("print server")
        constraints = [models.UniqueConstraint(fields=["organization", "uri"], name="print_server_once")]

    def __str__(self) -> str:
        return self.name


class Printer(models.Model):
    """A queue of a server."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="printers")
    server = models.ForeignKey(PrintServer, models.CASCADE, related_name="printers")
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

    PENDING = 3, _("Waiting")
    HELD = 4, _("Held")
    PROCESSING = 5, _("Printing")
    STOPPED = 6, _("Stopped")
    CANCELED = 7, _("Cancelled")
    ABORTED = 8, _("Aborted")
    COMPLETED = 9, _("Printed")


class PrintJob(models.Model):
    """A job seen on a server. Ids start again when a server is rebuilt, so the UUID belongs to the key."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="print_jobs")
    server = models.ForeignKey(PrintServer, models.CASCADE, related_name="jobs")
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
    anonymised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("print job")
        constraints = [
            models.UniqueConstraint(fields=["server", "remote_id", "job_uuid"], name="print_job_once")
        ]
        indexes = [
            models.Index(fields=["organization", "-submitted_at"], name="job_newest"),
            models.Index(fields=["person", "-submitted_at"], name="job_of_person"),
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
