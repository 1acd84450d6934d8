"""What a person is to the printers, and what that is called on screens."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PersonState(models.TextChoices):
    """What a person is to the printers. Held to the columns it follows from by a constraint."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    REMOVED = "removed", _("Removed")
    ANONYMISED = "anonymised", _("Anonymised")


LIVE_STATES = (PersonState.ACTIVE, PersonState.SUSPENDED)


class ShownState(models.TextChoices):
    """What a person's state is called where people read it: why it is so, too."""

    ACTIVE = "active", _("Active")
    ALLOWED = "allowed", _("Disabled in the directory, allowed here")
    SUSPENDED = "suspended", _("Suspended")
    BLOCKED = "blocked", _("Blocked")
    REMOVED = "removed", _("Removed")
    ANONYMISED = "anonymised", _("Anonymised")


BLOCKED = Q(state=PersonState.SUSPENDED, blocked_at__isnull=False)


ALLOWED = Q(state=PersonState.ACTIVE, allowed_at__isnull=False)


SHOWN_AS: dict[str, Q] = {
    # Whoever may print takes a seat and counts as active, whatever the directory says.
    ShownState.ACTIVE: Q(state=PersonState.ACTIVE),
    ShownState.ALLOWED: ALLOWED,
    ShownState.SUSPENDED: Q(state=PersonState.SUSPENDED, blocked_at__isnull=True),
    ShownState.BLOCKED: BLOCKED,
    ShownState.REMOVED: Q(state=PersonState.REMOVED),
    ShownState.ANONYMISED: Q(state=PersonState.ANONYMISED),
}
"""How the people of a `ShownState` are found; "active" finds those who are allowed, too."""
