"""The audit trail: append-only. Personal details can be erased; a sealer chains the events afterwards."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization


class ActorKind(models.TextChoices):
    """The kind of actor."""

    ACCOUNT = "account", _("Administrator")
    TOKEN = "token", _("Secret token")
    SYSTEM = "system", _("System")


ERASABLE = frozenset({"details", "salt", "reason", "ticket"})
SEALED = frozenset({"sequence", "seal", "sealed_at"})

BEGINNING = "0" * 64
"""The seal before the first event of an organization."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Events can be read, erased and sealed; other updates and deletes raise TypeError."""

    def update(self, **values: Any) -> int:
        if set(values) not in (ERASABLE, SEALED):
            raise TypeError("of an audit event only what may be personal is erased, and its seal is set")
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("an audit event is never deleted")


class AuditEvent(models.Model):
    """One thing that was done. Only `audit.services.record` creates rows.

    ``details`` (names, labels, changes), ``reason`` and ``ticket`` (typed by the actor) and ``salt`` can be
    erased together. ``digest``, the SHA-256 of all of them, stays, and the seal covers it. ``sequence``,
    ``seal`` and ``sealed_at`` are null until the sealer has chained the event.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="audit_events")
    at = models.DateTimeField(default=timezone.now, editable=False)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor_id = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    ticket = models.CharField(_("ticket"), max_length=200, blank=True)
    details = models.JSONField(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    digest = models.CharField(max_length=64)
    sequence = models.PositiveBigIntegerField(null=True)
    seal = models.CharField(max_length=64, null=True)  # noqa: DJ001 -- null says "not sealed yet", '' would be a seal
    sealed_at = models.DateTimeField(null=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-id"], name="audit_newest"),
            models.Index(fields=["organization", "object_type", "object_id", "-id"], name="audit_of_object"),
            models.Index(fields=["organization", "actor_id", "-id"], name="audit_of_actor"),
            models.Index(fields=["organization", "request_id"], name="audit_of_request"),
            models.Index(fields=["id"], condition=Q(sequence__isnull=True), name="audit_unsealed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "sequence"], name="audit_sequence_once"),
            models.CheckConstraint(
                condition=Q(details__isnull=True, salt__isnull=True, reason="", ticket="")
                | Q(details__isnull=False, salt__isnull=False),
                name="audit_erased_together",
            ),
            models.CheckConstraint(
                condition=Q(sequence__isnull=True, seal__isnull=True, sealed_at__isnull=True)
                | Q(sequence__isnull=False, seal__isnull=False, sealed_at__isnull=False),
                name="audit_sealed_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("an audit event is written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("an audit event is never deleted")

    @property
    def erasable(self) -> dict[str, Any]:
        """Everything that ``digest`` covers; empty once it is erased."""
        return {**(self.details or {}), **stated(self.reason, self.ticket)}


def stated(reason: str, ticket: str) -> dict[str, str]:
    """Return ``reason`` and ``ticket`` by name, without blank ones."""
    return {name: value for name, value in (("reason", reason), ("ticket", ticket)) if value}


class AuditChain(models.Model):
    """The end of an organization's chain: number and seal of the last sealed event.

    A sealer locks this row. `audit.verify` uses it to notice that events at the end were deleted.
    """

    organization = models.OneToOneField(Organization, models.PROTECT, related_name="audit_chain")
    sequence = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64, default=BEGINNING)

    class Meta:
        verbose_name = _("audit chain")

    def __str__(self) -> str:
        return f"{self.organization_id} {self.sequence}"
