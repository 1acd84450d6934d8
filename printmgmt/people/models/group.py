"""Groups, and who is in them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.people.models.person import CONSOLE, PrintUser


class PrintGroupQuerySet(models.QuerySet["PrintGroup"]):
    def of(self, organization: Organization) -> "PrintGroupQuerySet":
        """Return the groups of one organization. Every query starts with this filter."""
        return self.filter(organization=organization)

    def present(self) -> "PrintGroupQuerySet":
        """Return groups that are not deleted."""
        return self.filter(removed_at__isnull=True)

    def removed(self) -> "PrintGroupQuerySet":
        """Return deleted groups that are not erased yet."""
        return self.filter(removed_at__isnull=False)


class PrintGroup(models.Model):
    """A named group of people and other groups.

    A deleted group can be restored until ``kept_until``; its ``source`` is then who deleted it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="groups")
    display_name = models.TextField(_("name"))
    display_name_key = models.TextField(editable=False)
    origin = models.CharField(_("created by"), max_length=120, default=CONSOLE)
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)
    removed_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    kept_until = models.DateTimeField(_("kept until"), null=True, blank=True)

    objects = PrintGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "source", "display_name_key"],
                condition=Q(removed_at__isnull=True),
                name="group_name_once",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, kept_until__isnull=True)
                | Q(removed_at__isnull=False, kept_until__isnull=False),
                name="group_removed_is_kept_until",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "created_at", "id"], name="group_listing"),
            models.Index(fields=["organization", "display_name_key", "id"], name="group_name"),
            models.Index(
                fields=["kept_until"], condition=Q(kept_until__isnull=False), name="group_to_be_erased"
            ),
            models.Index(
                fields=["organization", "display_name_key"],
                condition=Q(removed_at__isnull=False),
                name="group_tombstone_name",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name


class GroupMembershipQuerySet(models.QuerySet["GroupMembership"]):
    def present(self) -> "GroupMembershipQuerySet":
        """Return rows of groups that are not deleted. A deleted group keeps its rows."""
        return self.filter(group__removed_at__isnull=True)


class GroupMembership(models.Model):
    """A person in a group. A directory that replaces all members leaves rows of other sources alone."""

    group = models.ForeignKey(PrintGroup, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(PrintUser, models.CASCADE, related_name="memberships")
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(fields=["group", "person", "source"], name="membership_once"),
        ]
        indexes = [models.Index(fields=["person", "group"], name="membership_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"


class GroupNestingQuerySet(models.QuerySet["GroupNesting"]):
    def present(self) -> "GroupNestingQuerySet":
        """Return rows of which neither group is deleted."""
        return self.filter(parent__removed_at__isnull=True, child__removed_at__isnull=True)


class GroupNesting(models.Model):
    """A group in a group. `people.memberships` refuses cycles."""

    parent = models.ForeignKey(PrintGroup, models.CASCADE, related_name="child_nestings")
    child = models.ForeignKey(PrintGroup, models.CASCADE, related_name="parent_nestings")
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GroupNestingQuerySet.as_manager()

    class Meta:
        verbose_name = _("nesting")
        constraints = [
            models.UniqueConstraint(fields=["parent", "child", "source"], name="nesting_once"),
            models.CheckConstraint(condition=~Q(parent=models.F("child")), name="nesting_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} in {self.parent_id}"
