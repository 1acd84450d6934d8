"""Leavings: runs, their steps (outbox and evidence in one row), the policy and the receipts."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from printmgmt.bulk.models import BulkOperation
from printmgmt.organizations.models import Account, Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import PrintServer
from printmgmt.work.models import WorkRow

STEP_WORK = "deprovisioning.steps"
"""The kind of work that nudges name; their key is the run's id."""


class WaitingJobs(models.TextChoices):
    """What becomes of the jobs that a leaver has waiting on print servers."""

    HOLD = "hold", _("Hold, then cancel after the restore period")
    PURGE = "purge", _("Cancel and delete at once")
    MOVE = "move", _("Hold and move to a stopped queue, then cancel after the restore period")


class LeavingPolicy(models.Model):
    """One version of an organization's leaving policy. A run keeps the version it started under."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="leaving_policies")
    version = models.PositiveIntegerField(default=1)
    suspend_grace_days = models.PositiveIntegerField(
        _("restore period after a suspension (days)"), default=30
    )
    remove_grace_days = models.PositiveIntegerField(_("restore period after a removal (days)"), default=7)
    remove_after_days = models.PositiveIntegerField(
        _("remove people suspended for this many days"), null=True, blank=True
    )
    retention_days = models.PositiveIntegerField(_("keep history for this many days"), default=365)
    breaker_people = models.PositiveIntegerField(_("breaker: people"), default=20)
    breaker_percent = models.PositiveIntegerField(_("breaker: percent"), default=10)
    breaker_minutes = models.PositiveIntegerField(_("breaker: window in minutes"), default=60)
    digest_minutes = models.PositiveIntegerField(_("email administrators every … minutes"), default=15)
    waiting_jobs = models.CharField(
        _("waiting print jobs"), max_length=10, choices=WaitingJobs.choices, default=WaitingJobs.HOLD
    )
    close_queues = models.BooleanField(_("close queues to leavers"), default=True)
    created_by = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("leaving policy")
        constraints = [
            models.UniqueConstraint(fields=["organization", "version"], name="policy_version_once"),
            # A shorter grace period could destroy data before the breaker sees how many people left.
            models.CheckConstraint(
                condition=Q(breaker_minutes__lte=models.F("remove_grace_days") * 1440)
                & Q(breaker_minutes__lte=models.F("suspend_grace_days") * 1440),
                name="policy_grace_covers_breaker",
            ),
            models.CheckConstraint(condition=Q(digest_minutes__gte=1), name="policy_digest_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} v{self.version}"

    def grace_days(self, trigger: str) -> int:
        """Return the grace period after a leaving of this trigger, in days."""
        return self.remove_grace_days if trigger == Trigger.REMOVED else self.suspend_grace_days


class BatchState(models.TextChoices):
    OPEN = "open", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    RESTORED = "restored", _("Everyone restored")


class BreakerBatch(models.Model):
    """A batch of leavings that wait for a decision because too many people left at once (ADR 33).

    It opened because ``leavers`` of ``base`` people left within ``minutes``, where ``limit`` are allowed.
    Leavings since ``since`` join it while it is open. ``operation`` carries out, in turns, what was decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="breaker_batches")
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.OPEN)
    since = models.DateTimeField(default=timezone.now)
    leavers = models.PositiveIntegerField(default=0)
    base = models.PositiveIntegerField(default=0)
    limit = models.PositiveIntegerField(default=0)
    minutes = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    operation = models.ForeignKey(BulkOperation, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("breaker batch")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(state="open"), name="batch_open_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Trigger(models.TextChoices):
    SUSPENDED = "suspended", _("Suspended")
    REMOVED = "removed", _("Removed")


class RunState(models.TextChoices):
    """The state of a run, derived from its steps (`progress`). A dated step only sets ``next_due_at``."""

    WORKING = "working", _("In progress")
    SETTLED = "settled", _("In restore period")
    FINISHED = "finished", _("Complete")
    WAITING = "waiting", _("Waiting for approval")
    ATTENTION = "attention", _("Needs attention")
    SUPERSEDED = "superseded", _("Replaced")
    UNDONE = "undone", _("Restored")


OPEN_RUN_STATES = (RunState.WORKING, RunState.SETTLED, RunState.WAITING, RunState.ATTENTION)


class DeprovisionRun(models.Model):
    """One leaving of one person. ``cut_at`` is when access ended, in the request that ordered it.

    ``previous`` is the run this one superseded: undoing this one undoes both. ``ends_console_access`` is
    decided when the leaving is ordered and does not change with who carries out its steps.

    For the breaker: ``had_access`` says whether the person could print until this leaving, ``by_rule``
    whether the console removed them by itself after a long suspension. ``judged_at`` is when the breaker
    looked at it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="runs")
    person = models.ForeignKey(PrintUser, models.PROTECT, related_name="runs")
    epoch = models.PositiveIntegerField()
    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.WORKING)
    policy = models.ForeignKey(LeavingPolicy, models.PROTECT, related_name="+")
    batch = models.ForeignKey(BreakerBatch, models.PROTECT, null=True, blank=True, related_name="runs")
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    source = models.CharField(_("source"), max_length=120)
    caused_by = models.TextField(_("caused by"), blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    ticket = models.CharField(_("ticket"), max_length=200, blank=True)
    ends_console_access = models.BooleanField(default=False)
    had_access = models.BooleanField(default=True)
    by_rule = models.BooleanField(default=False)
    judged_at = models.DateTimeField(null=True, blank=True)
    requested_at = models.DateTimeField(_("requested"))
    cut_at = models.DateTimeField(_("access ended"))
    next_due_at = models.DateTimeField(_("next step due"), null=True, blank=True)
    settled_at = models.DateTimeField(_("immediate steps done"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    receipt_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("leaver's run")
        constraints = [models.UniqueConstraint(fields=["person", "epoch"], name="run_once_an_epoch")]
        indexes = [
            models.Index(fields=["organization", "-cut_at", "-id"], name="run_newest"),
            models.Index(fields=["organization", "state", "-cut_at"], name="run_by_state"),
            models.Index(fields=["cut_at"], condition=Q(judged_at__isnull=True), name="run_unjudged"),
            models.Index(
                fields=["receipt_due_at"], condition=Q(receipt_due_at__isnull=False), name="run_receipt_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.trigger}"

    @property
    def is_open(self) -> bool:
        """Whether a step of this run can still be performed or undone."""
        return self.state in OPEN_RUN_STATES

    @cached_property
    def print_servers(self) -> list[PrintServer]:
        """The print servers that steps of this run act on: those with a login that are neither paused nor
        removed. Read once, however many steps ask.
        """
        servers = PrintServer.objects.filter(organization=self.organization_id).exclude(user_name="")
        return list(servers.filter(paused_at=None, removed_at=None).order_by("name", "pk"))

    @property
    def seconds_to_cut(self) -> float:
        """How long it took from the request to the end of access, in seconds."""
        return (self.cut_at - self.requested_at).total_seconds()


class StepState(models.TextChoices):
    PENDING = "pending", _("Pending")
    WAITING = "waiting", _("Waiting for approval")
    DONE = "done", _("Done")
    ATTENTION = "attention", _("Needs attention")
    SUPERSEDED = "superseded", _("Canceled")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Restored")
    SKIPPED = "skipped", _("Skipped")


DUE_STATES = (StepState.PENDING, StepState.UNDOING)


class DeprovisionStep(WorkRow):
    """One step on one target: the order, the evidence and the attempts in one row.

    ``decided_by`` and ``decision_reason`` are who skipped it, or had it done before its date, and why.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    run = models.ForeignKey(DeprovisionRun, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=64)
    target_label = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=StepState.choices, default=StepState.PENDING)
    immediate = models.BooleanField(default=True)
    evidence = models.JSONField(default=dict)
    decided_by = models.TextField(blank=True)
    decision_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("step")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "name", "target_kind", "target_id"], name="step_once_a_target"
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "due_at"],
                condition=Q(state__in=["pending", "undoing"]),
                name="step_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.target_label}"


class Receipt(models.Model):
    """Proof of a settled run at ``created_at``. Steps performed later are in the next ``version``.

    The signed ``body`` contains a digest of ``salt`` and ``personal``, so these two can be erased together
    and the signature stays valid. ``digest`` is the digest of ``body``; ``key_id`` is the signing key.
    """

    run = models.ForeignKey(DeprovisionRun, models.PROTECT, related_name="receipts")
    version = models.PositiveIntegerField(default=1)
    body = models.JSONField()
    personal = models.JSONField(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=40)
    signature = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("receipt")
        constraints = [
            models.UniqueConstraint(fields=["run", "version"], name="receipt_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="receipt_version_positive"),
            models.CheckConstraint(
                condition=Q(personal__isnull=True, salt__isnull=True)
                | Q(personal__isnull=False, salt__isnull=False),
                name="receipt_erased_with_its_salt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} v{self.version}"
