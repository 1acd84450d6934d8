"""One add-on in one organization: its settings, state, who and when; and what its uninstalling ordered."""

import uuid
from typing import Any, Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addons.disposition import Disposition
from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.organizations.models import Account, Organization

MOST_LETTERS: Final = 100
"""Of an installation's name."""


class InstallationState(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    UNINSTALLED = "uninstalled", _("Uninstalled")


class InstallationQuerySet(models.QuerySet["Installation"]):
    def present(self) -> "InstallationQuerySet":
        """Installations that are not uninstalled."""
        return self.exclude(state=InstallationState.UNINSTALLED)

    def of_addon(self, slug: str) -> "InstallationQuerySet":
        """The present installations of one add-on, in the order in which they are shown."""
        return self.present().filter(slug=slug).order_by("number")

    def past(self) -> "InstallationQuerySet":
        """Installations that were uninstalled."""
        return self.filter(state=InstallationState.UNINSTALLED)


class Installation(models.Model):
    """An add-on installed in an organization. A reinstall is a new row, and so a new address.

    ``number`` distinguishes installations of one add-on: 1, 2, …; where the add-on allows only one,
    that has number 1. ``name`` is what administrators call it, empty for the add-on's own name (``names``);
    ``name_key`` is the folded form of what it is called, by which no two are called the same.

    ``resumed_at`` is when its last pause ended: what it should have done in the meantime is not late.

    ``source`` is the text core rows carry for what this installation owns: ``<slug>:<id>``. It is a column
    for queries about what other installations own; `save` sets it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="installations")
    slug = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=MOST_LETTERS, blank=True)
    name_key = models.TextField(editable=False)
    state = models.CharField(
        max_length=12, choices=InstallationState.choices, default=InstallationState.ACTIVE
    )
    settings = models.JSONField(default=dict)
    installed_by = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
    installed_at = models.DateTimeField(default=timezone.now, editable=False)
    resumed_at = models.DateTimeField(null=True, blank=True)
    uninstalled_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=120, editable=False)

    objects = InstallationQuerySet.as_manager()

    class Meta:
        verbose_name = _("installation")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug", "number"],
                condition=~Q(state="uninstalled"),
                name="installation_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "name_key"],
                condition=~Q(state="uninstalled"),
                name="installation_name_once",
            ),
            models.CheckConstraint(
                condition=Q(state="uninstalled", uninstalled_at__isnull=False)
                | (~Q(state="uninstalled") & Q(uninstalled_at__isnull=True)),
                name="installation_state_follows",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.source = f"{self.slug}:{self.id}"
        super().save(*args, **kwargs)

    @property
    def is_paused(self) -> bool:
        """Whether the add-on does nothing until it is resumed."""
        return self.state == InstallationState.PAUSED


class Uninstallation(models.Model):
    """What becomes of the people of an uninstalled add-on: the order, and how far it is carried out.

    ``total`` are the people there were, ``done`` those whose turn has come. The ``actor_…`` columns are who
    chose, ``ends_console_access`` whether they might end that of administrators among these people, which a
    worker carries out later. ``reported_at`` is when it was completed for the first time; the mail about
    it is ordered then, unless the administrator watched it on the page.

    ``due_at`` is when a worker continues or, once it is done, checks it again. ``attempts`` counts the rounds
    after which someone's access could not be ended; who they were when the worker gave up is in ``failed``,
    id → epoch.
    """

    installation = models.OneToOneField(
        Installation, models.CASCADE, primary_key=True, related_name="uninstallation"
    )
    people = models.CharField(max_length=10, choices=[(choice.value, choice.name) for choice in Disposition])
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=254)
    request_id = models.CharField(max_length=64, blank=True)
    ends_console_access = models.BooleanField(default=False)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    ordered_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(default=timezone.now, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    failed = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("uninstallation")
        indexes = [
            models.Index(
                fields=["ordered_at"], condition=Q(reported_at__isnull=True), name="uninstallation_open"
            ),
            models.Index(fields=["due_at"], name="uninstallation_due"),
        ]

    def __str__(self) -> str:
        return f"{self.installation_id} {self.people} {self.done}/{self.total}"

    @property
    def actor(self) -> Actor:
        """Who chose, for what is done in their name."""
        return Actor(
            kind=ActorKind(self.actor_kind),
            label=self.actor_label,
            id=self.actor_id,
            request_id=self.request_id,
            ends_console_access=self.ends_console_access,
        )


class Watch(models.Model):
    """The condition of an installation that was mailed last; empty once it is well again."""

    installation = models.OneToOneField(Installation, models.CASCADE, primary_key=True, related_name="watch")
    condition = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("watch")

    def __str__(self) -> str:
        return f"{self.installation_id} {self.condition}"
