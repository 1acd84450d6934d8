"""Which people and groups of the core an installation provisions, with what the core has no column for."""

from django.db import models
from django.utils import timezone

from addons.models import Installation
from printmgmt.people.models import PrintGroup, PrintUser


class ScimUserQuerySet(models.QuerySet["ScimUser"]):
    def linking(self) -> "ScimUserQuerySet":
        """Links in force, without those of people the directory deleted."""
        return self.filter(dropped_at__isnull=True)


class ScimUser(models.Model):
    """An installation's link to a person, with what the core has no column for.

    ``attributes`` holds the directory's values verbatim, ``folded`` the same with every string through
    the key function, for filters and sorting on both databases. ``manager`` is text: Azure may name
    someone it has not pushed yet. ``dropped_at`` is set when the directory deleted the person: the link
    is no longer in force and keeps the ``external_id``, to recognize the person in a later POST of the name.
    """

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="users")
    person = models.ForeignKey(PrintUser, models.CASCADE, related_name="scim_links")
    external_id = models.TextField(blank=True)
    manager = models.TextField(blank=True)
    attributes = models.JSONField(default=dict)
    folded = models.JSONField(default=dict)
    linked_at = models.DateTimeField(default=timezone.now, editable=False)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = ScimUserQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["installation", "person"], name="scim_user_once"),
        ]
        indexes = [
            models.Index(fields=["installation", "external_id"], name="scim_user_external_id"),
            models.Index(fields=["installation", "manager"], name="scim_user_manager"),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class ScimGroup(models.Model):
    """An installation's link to a group; it ends when the directory deletes the group."""

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="groups")
    group = models.ForeignKey(PrintGroup, models.CASCADE, related_name="scim_links")
    external_id = models.TextField(blank=True)
    linked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["installation", "group"], name="scim_group_once"),
        ]
        indexes = [models.Index(fields=["installation", "external_id"], name="scim_group_external_id")]

    def __str__(self) -> str:
        return str(self.group_id)
