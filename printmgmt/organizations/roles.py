"""The roles of administrators, and sets of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """An administrator's role in one organization. SCIM never assigns roles."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Administrator")
    HELPDESK = "helpdesk", _("Help desk")
    AUDITOR = "auditor", _("Auditor")


EVERYONE = frozenset(Role)
"""All roles."""

OPERATORS = frozenset({Role.OWNER, Role.ADMIN, Role.HELPDESK})
"""Roles for daily work with people: suspend, restore, cards."""

MANAGERS = frozenset({Role.OWNER, Role.ADMIN})
"""Roles that configure the organization: add-ons, tokens, policy."""

OVERSEERS = MANAGERS | {Role.AUDITOR}
"""Roles that may read the audit trail."""
