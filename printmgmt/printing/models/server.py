"""IPP servers that we manage as operator, and when each is read next."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.work.models import WorkRow


class ServerProblem(models.TextChoices):
    """Why the last round of a server failed."""

    OFFLINE = "offline", _("The server cannot be reached")
    WRONG_LOGIN = "wrong-login", _("The server does not accept the operator's login")
    FORBIDDEN = "forbidden", _("The server does not allow the operator to do this")
    PASSWORD_LOST = "password-lost", _("The operator's password can no longer be decrypted")
    BLOCKED = "blocked", _("The console may not connect to this address")
    CERTIFICATE = "certificate", _("The server's certificate is not trusted")
    UNSAFE = "unsafe", _("The password would be sent without encryption")
    UNKNOWN_NAME = "unknown-name", _("The server does not accept the host name in its address")
    NOT_SUPPORTED = "not-supported", _("The server does not support what the console needs")
    REFUSED = "refused", _("The server refuses the console's requests")
    BAD_ANSWER = "bad-answer", _("The console cannot make sense of the server's answers")
    CRASHED = "crashed", _("Reading the server failed unexpectedly")


class PrintServer(models.Model):
    """An IPP server with the operator login that we use there.

    ``sealed_secret`` is the operator's password in the secret box. ``address_key`` is host and port, by which
    a server that two organizations added is found. ``fingerprint`` is the SHA-256 of a certificate that an
    administrator confirmed; blank where a certification authority vouches for it. ``generation`` rises when
    the server was rebuilt and numbers its jobs from 1 again. ``probe`` is what the last test found.
    ``max_jobs`` is how many jobs, waiting and past, the server keeps before it refuses everyone (0: any
    number), ``job_count`` how many it had when all of them were read last. ``offline_since`` is the first
    failed round of the outage that lasts, ``problem`` the kind of its error. ``leavers_printer`` is the
    stopped queue to which jobs of leavers are moved, where the leaving policy says so.
    Removing keeps the row, so that printers and jobs keep their history, and forgets the password.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="print_servers")
    name = models.CharField(_("name"), max_length=200)
    uri = models.CharField(_("address"), max_length=500)
    address_key = models.CharField(max_length=300, blank=True, editable=False)
    user_name = models.CharField(_("operator"), max_length=200, blank=True)
    sealed_secret = models.TextField(blank=True, editable=False)
    fingerprint = models.CharField(_("certificate"), max_length=64, blank=True)
    generation = models.PositiveIntegerField(default=1, editable=False)
    version = models.CharField(_("version"), max_length=100, blank=True)
    max_jobs = models.PositiveIntegerField(null=True, blank=True)
    job_count = models.PositiveIntegerField(null=True, blank=True, editable=False)
    probe = models.JSONField(default=dict, blank=True)
    probed_at = models.DateTimeField(_("tested"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    offline_since = models.DateTimeField(_("offline since"), null=True, blank=True)
    outage_notified_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=40, choices=ServerProblem.choices, blank=True)
    leavers_printer = models.ForeignKey(
        "printing.Printer", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
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
        indexes = [
            models.Index(
                fields=["address_key"], condition=Q(removed_at__isnull=True), name="print_server_address"
            ),
            models.Index(
                fields=["offline_since"],
                condition=Q(offline_since__isnull=False, outage_notified_at__isnull=True),
                name="print_server_outage",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServerRound(WorkRow):
    """When a server is read next. Its lease makes one worker at a time the server's only writer.

    ``queues_due_at``: the next round from then on reads queues as well as jobs. ``last_job_id`` and
    ``last_job_at`` are number and time of the newest job there: by it the next round knows the server again.
    ``stopped_at``: the server refused the login, which is not sent again until someone orders a round.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    server = models.OneToOneField(PrintServer, models.CASCADE, related_name="round")
    queues_due_at = models.DateTimeField(default=timezone.now)
    jobs_read_at = models.DateTimeField(null=True, blank=True)
    queues_read_at = models.DateTimeField(null=True, blank=True)
    last_job_id = models.PositiveIntegerField(default=0)
    last_job_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("round")
        indexes = [models.Index(fields=["due_at"], name="server_round_due")]

    def __str__(self) -> str:
        return str(self.server_id)

    def start_over(self, *, due_at: datetime) -> tuple[str, ...]:
        self.stopped_at = None
        return (*super().start_over(due_at=due_at), "stopped_at")
