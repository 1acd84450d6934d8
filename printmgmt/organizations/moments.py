"""Formats moments for people: *Nov 28, 2026, 14:36 CET*, always with the time zone.

Pages, mails and prints use these functions; `printmgmt/formats` has the format of each language. Files (CSV,
JSON) use ISO 8601 with the offset instead, which sorts and which every program can read.
"""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone
from django.utils.formats import date_format, get_format

from printmgmt.organizations.models import Organization


def zone_of(organization: Organization) -> ZoneInfo:
    """Return the organization's time zone, or UTC if tzdata does not know it (any more).

    Nothing else may read `Organization.time_zone`: an unknown zone must break neither pages nor mails.
    """
    return zone_named(organization.time_zone)


def zone_named(name: str) -> ZoneInfo:
    """Return the time zone of a name that was stored, or UTC if tzdata does not know it (any more)."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")


def write_moment(at: datetime, *, seconds: bool = False) -> str:
    """Return date, time and zone of the aware ``at``, in the current time zone and language."""
    form = get_format("DATETIME_FORMAT")
    local = timezone.localtime(at)
    text = date_format(local, form.replace("H:i", "H:i:s") if seconds else form)
    zone = local.tzname() or ""
    # Many zones have no abbreviation, and "-03" alone would be ambiguous.
    return f"{text.removesuffix(zone)}UTC{zone}" if zone.startswith(("+", "-")) else text


def write_day(at: datetime) -> str:
    """Return the day on which the aware ``at`` falls in the current time zone, in the current language."""
    return date_format(timezone.localtime(at), "DATE_FORMAT")
