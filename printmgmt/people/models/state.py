"""The states of a person, as stored and as shown."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PersonState(models.TextChoices):
    """The stored state. A check constraint keeps it consistent with the columns it is derived from."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    REMOVED = "removed", _("Removed")
    ANONYMISED = "anonymised", _("Anonymized")


LIVE_STATES = (PersonState.ACTIVE, PersonState.SUSPENDED)


class ShownState(models.TextChoices):
    """The state as people read it, with the reason: *blocked* and *allowed* are states of their own."""

    ACTIVE = "active", _("Active")
    ALLOWED = "allowed", _("Disabled in the directory, allowed here")
    SUSPENDED = "suspended", _("Suspended")
    BLOCKED = "blocked", _("Blocked")
    REMOVED = "removed", _("Removed")
    ANONYMISED = "anonymised", _("Anonymized")


BLOCKED = Q(state=PersonState.SUSPENDED, blocked_at__isnull=False)


ALLOWED = Q(state=PersonState.ACTIVE, allowed_at__isnull=False)


SHOWN_AS: dict[str, Q] = {
    # Everyone who may print takes a seat and counts as active, even if the directory disabled them.
    ShownState.ACTIVE: Q(state=PersonState.ACTIVE),
    ShownState.ALLOWED: ALLOWED,
    ShownState.SUSPENDED: Q(state=PersonState.SUSPENDED, blocked_at__isnull=True),
    ShownState.BLOCKED: BLOCKED,
    ShownState.REMOVED: Q(state=PersonState.REMOVED),
    ShownState.ANONYMISED: Q(state=PersonState.ANONYMISED),
}
"""The filter for each `ShownState`. "active" includes people who are allowed."""
