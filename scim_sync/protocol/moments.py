"""Moments as text (RFC 7643 §2.3.5: an xsd:dateTime)."""

import re
from datetime import UTC, datetime
from typing import Final

_DATE_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)?", re.ASCII
)


def parse_moment(text: str) -> datetime | None:
    """Return the moment in UTC, which is also the default time zone; None for invalid text."""
    if not _DATE_TIME.fullmatch(text.strip()):
        return None
    try:
        moment = datetime.fromisoformat(text.strip().upper())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
