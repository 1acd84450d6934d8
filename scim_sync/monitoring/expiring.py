"""What mails about secret tokens and client secrets share: two stages, and none about one that has ended."""

from datetime import timedelta
from typing import Final, TypeVar

from django.db.models import QuerySet

from printmgmt.mail.kinds import NotNeeded
from printmgmt.tokens.models import ExpiringToken
from scim_sync.models import EXPIRES_SOON

EARLY: Final = EXPIRES_SOON
LATE: Final = timedelta(days=7)
"""How long before the end the first and the second mail go out."""

Expiring = TypeVar("Expiring", bound=ExpiringToken)


def stage_of(token: ExpiringToken) -> timedelta | None:
    """Return which of the two mails is due, None before the first."""
    left = token.time_left
    if left > EARLY:
        return None
    return LATE if left <= LATE else EARLY


def read_live(rows: QuerySet[Expiring], pk: str) -> Expiring:
    """Return the live one with this id, and its issuer. Raises NotNeeded: it ended in the meantime."""
    token = rows.select_related("issued_by").filter(pk=pk).first()
    if token is None or not token.is_live:
        raise NotNeeded
    return token


def name_of(token: ExpiringToken) -> str:
    """What a mail calls it: the label and the beginning of its text."""
    return f"“{token.label}” ({token.prefix}_…)"
