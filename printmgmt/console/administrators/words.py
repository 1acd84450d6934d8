"""Who ended an administrator's console access, in words."""

from django.utils.translation import gettext as _

from printmgmt.console.shell.extensions import extensions
from printmgmt.organizations.models import AccessEnd, Administrator


def ended_words(administrator: Administrator) -> str:
    """Who ended an administrator's access and how; empty for one who has it."""
    if administrator.disabled_at is None:
        return "" if administrator.account.is_active else _("Account turned off by the host")
    if not administrator.ended_by:
        return _("Access ended")
    names = {"who": administrator.ended_by, "how": administrator.get_ended_how_display()}
    if administrator.ended_how == AccessEnd.OWNER:
        return _("Access ended by %(who)s") % names
    if known := extensions.source(administrator.ended_source):
        names["who"] = _("%(source)s through %(token)s") % {
            "source": known.label,
            "token": administrator.ended_by,
        }
    return _("Access ended by %(who)s (%(how)s)") % names
