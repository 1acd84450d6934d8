"""People."""

import uuid
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.models.state import LIVE_STATES, PersonState, ShownState
from printmgmt.people.names import name_key

CONSOLE = "console"
"""The ``source`` of rows created in the console."""


class PrintUserQuerySet(models.QuerySet["PrintUser"]):
    def of(self, organization: Organization) -> "PrintUserQuerySet":
        """Return the people of one organization. Every query starts with this filter."""
        return self.filter(organization=organization)

    def live(self) -> "PrintUserQuerySet":
        """Return people who are not removed."""
        return self.filter(state__in=LIVE_STATES)

    def unmerged(self) -> "PrintUserQuerySet":
        """Return people who are neither merged into another person nor anonymized."""
        return self.filter(merged_into__isnull=True).exclude(state=PersonState.ANONYMISED)

    def matching(self, text: str) -> "PrintUserQuerySet":
        """Return people with ``text`` in one of the attributes that are searched, ignoring case."""
        key = name_key(text)
        searched = [attribute for attribute in ATTRIBUTES if attribute.searched]
        found = (Q(**{f"{attribute.key_column}__contains": key}) for attribute in searched)
        return self.filter(reduce(or_, found))


class PrintUser(models.Model):
    """A person who prints.

    active           what the directory sent last
    blocked_at, allowed_at   what an administrator decided against it; at most one of them is set
    state            derived from these and from ``removed_at`` and ``anonymised_at`` (`people.states`)
    version          increases with every visible change; the ETag
    epoch            increases whenever the person leaves or comes back
    source           who owns the synced attributes now; ``origin`` is who created the person
    first_active_at  set once the person has taken a seat; coming back needs no free seat then
    typed_addresses  email addresses typed in the console, not sent by a directory since (`people.addresses`)
    merged_into      the person of which this removed row is a duplicate (ADR 12)
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="people")

    # Attributes and their keys, as people/attributes.py lists them.
    user_name = models.TextField()
    user_name_key = models.TextField(editable=False)
    display_name = models.TextField(blank=True)
    display_name_key = models.TextField(editable=False, blank=True)
    work_email = models.TextField(blank=True)
    work_email_key = models.TextField(editable=False, blank=True)
    department = models.TextField(blank=True)
    department_key = models.TextField(editable=False, blank=True)
    employee_number = models.TextField(blank=True)
    employee_number_key = models.TextField(editable=False, blank=True)
    preferred_language = models.TextField(blank=True)
    preferred_language_key = models.TextField(editable=False, blank=True)

    active = models.BooleanField(_("active in the directory"), default=True)
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    allowed_at = models.DateTimeField(_("allowed"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    anonymised_at = models.DateTimeField(_("anonymized"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=PersonState.choices, default=PersonState.ACTIVE
    )
    state_since = models.DateTimeField(_("since"), default=timezone.now)
    first_active_at = models.DateTimeField(_("first active"), null=True, blank=True)
    legal_hold = models.BooleanField(_("legal hold"), default=False)
    typed_addresses = models.JSONField(default=list, editable=False, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )

    origin = models.CharField(_("created by"), max_length=120, default=CONSOLE)
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)
    version = models.PositiveIntegerField(default=1)
    epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = PrintUserQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user_name_key"],
                condition=Q(state__in=["active", "suspended"]),
                name="person_user_name_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state="anonymised",
                        anonymised_at__isnull=False,
                        removed_at__isnull=False,
                        allowed_at__isnull=True,
                    )
                    | Q(
                        state="removed",
                        anonymised_at__isnull=True,
                        removed_at__isnull=False,
                        allowed_at__isnull=True,
                    )
                    | (
                        Q(
                            state="suspended",
                            anonymised_at__isnull=True,
                            removed_at__isnull=True,
                            allowed_at__isnull=True,
                        )
                        & (Q(active=False) | Q(blocked_at__isnull=False))
                    )
                    | (
                        Q(
                            state="active",
                            anonymised_at__isnull=True,
                            removed_at__isnull=True,
                            blocked_at__isnull=True,
                        )
                        # allowed_at is set only where the directory holds the person disabled.
                        & (
                            Q(active=True, allowed_at__isnull=True)
                            | Q(active=False, allowed_at__isnull=False)
                        )
                    )
                ),
                name="person_state_follows",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(removed_at__isnull=False) & ~Q(merged_into=models.F("id"))),
                name="person_merged_is_removed",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "created_at", "id"], name="person_listing"),
            models.Index(fields=["organization", "user_name_key", "id"], name="person_user_name"),
            models.Index(fields=["organization", "display_name_key", "id"], name="person_display_name"),
            models.Index(fields=["organization", "work_email_key"], name="person_work_email"),
            models.Index(fields=["organization", "state_since", "id"], name="person_since"),
            models.Index(fields=["organization", "state", "display_name_key", "id"], name="person_by_state"),
            models.Index(
                fields=["removed_at"], condition=Q(state="removed", legal_hold=False), name="person_retention"
            ),
        ]

    def __str__(self) -> str:
        if self.anonymised_at:
            return gettext("Anonymized person %(id)s") % {"id": str(self.pk)[:8]}
        return self.display_name or self.user_name

    @property
    def is_gone(self) -> bool:
        """Whether the person may not print: suspended, removed or anonymized."""
        return self.state != PersonState.ACTIVE

    @property
    def shown_state(self) -> ShownState:
        """The state as screens and files show it."""
        if self.state == PersonState.ACTIVE and self.allowed_at:
            return ShownState.ALLOWED
        if self.state == PersonState.SUSPENDED and self.blocked_at:
            return ShownState.BLOCKED
        return ShownState(self.state)

    @cached_property
    def merged_rows(self) -> list["PrintUser"]:
        """The rows merged into this person, oldest first. Cached on the instance."""
        return list(self.merged.order_by("created_at", "pk"))

    @property
    def row_ids(self) -> list[uuid.UUID]:
        """The ids to look up this person's history by: their own and those of the merged rows."""
        return [self.pk, *(row.pk for row in self.merged_rows)]
