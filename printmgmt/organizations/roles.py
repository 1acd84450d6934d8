"""The four roles of an administrator, and what each may do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """An administrator's role in one organization. Never made or raised by SCIM."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Administrator")
    HELPDESK = "helpdesk", _("Help desk")
    AUDITOR = "auditor", _("Auditor")


EVERYONE = frozenset(Role)
"""Whoever administers the organization may look."""

OPERATORS = frozenset({Role.OWNER, Role.ADMIN, Role.HELPDESK})
"""Those who help people day by day: suspend, restore, cards."""

MANAGERS = frozenset({Role.OWNER, Role.ADMIN})
"""Those who change how the organization works: add-ons, tokens, policy."""

OVERSEERS = MANAGERS | {Role.AUDITOR}
"""Those who may read what everybody did."""
