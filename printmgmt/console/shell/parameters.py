"""Reads the values in an address or a form, in one place: the page answers even if they make no sense."""

from datetime import UTC, date, datetime, time, timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

HIGHEST = 2**63 - 1
"""The highest id a table has; with more digits Python would not even read a number."""

LONGEST = 512
"""Of a text that is searched for: no name is longer."""

# At the calendar's ends a zone may lack midnight, and no database knows the moment.
FIRST_DAY, LAST_DAY = date(1, 1, 3), date(9999, 12, 28)


def text_of(query: QueryDict, name: str) -> str:
    """The text, without blanks around it; what no database keeps (NUL, half a character) is left out."""
    return _storable(query.get(name, "")[: 2 * LONGEST]).strip()[:LONGEST]


def number_of(query: QueryDict, name: str) -> int | None:
    """The number, from 0 to HIGHEST; None for anything else."""
    return number_in(query.get(name, ""))


def number_in(text: str) -> int | None:
    """The same for a text."""
    if not (text.isdecimal() and text.isascii() and len(text) <= len(str(HIGHEST))):
        return None
    return number if (number := int(text)) <= HIGHEST else None


def day_of(query: QueryDict, name: str) -> date | None:
    """The day, such as 2026-11-23; None for what is none."""
    try:
        return date.fromisoformat(query.get(name, ""))
    except ValueError:
        return None


def moment_of(query: QueryDict, name: str) -> datetime | None:
    """The moment, such as 2026-11-23T10:00:00+00:00; None for what is none or names no zone."""
    try:
        moment = parse_datetime(query.get(name, ""))
        if moment is None or moment.tzinfo is None:
            return None
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if FIRST_DAY <= moment.date() <= LAST_DAY else None


def midnight(day: date, *, days: int = 0) -> datetime:
    """When a day, or the one ``days`` later, begins in the current zone; nearly so at the calendar's ends."""
    begins = min(max(day, FIRST_DAY), LAST_DAY - timedelta(days=days)) + timedelta(days=days)
    return timezone.make_aware(datetime.combine(begins, time.min))


def _storable(text: str) -> str:
    return text.replace("\0", "").encode(errors="ignore").decode()
