"""The one way to write a moment where people read it: *Nov 28, 2026, 14:36 CET*, always with its zone.

Pages, mails and prints take it from here; the order of its parts in each language is in `printmgmt/formats`.
Files (CSV, JSON) have ISO 8601 with the offset instead: it sorts, and every program reads it.
"""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone
from django.utils.formats import date_format, get_format

from printmgmt.organizations.models import Organization


def zone_of(organization: Organization) -> ZoneInfo:
    """Return the organization's time zone; UTC where it names one that tzdata has not, or has no longer.

    The only reader of `Organization.time_zone`: a name that is none must close neither pages nor mails.
    """
    try:
        return ZoneInfo(organization.time_zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")


def write_moment(at: datetime, *, seconds: bool = False) -> str:
    """Return date, time and zone of the aware ``at``, in the current time zone and language."""
    form = get_format("DATETIME_FORMAT")
    local = timezone.localtime(at)
    text = date_format(local, form.replace("H:i", "H:i:s") if seconds else form)
    zone = local.tzname() or ""
    # Many zones have no letters: a bare "-03" after a time would be read as anything.
    return f"{text.removesuffix(zone)}UTC{zone}" if zone.startswith(("+", "-")) else text


def write_day(at: datetime) -> str:
    """Return the day on which the aware ``at`` falls in the current time zone, in the current language."""
    return date_format(timezone.localtime(at), "DATE_FORMAT")
