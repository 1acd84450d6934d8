"""Access tokens: given to a client that has proven who it is, and deleted long after they ended."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.db import transaction

from addons.models import Installation
from printmgmt.tokens import bearer
from scim_sync.credentials.tokens import MARK
from scim_sync.models import ScimToken, TokenKind


class Grantee(Protocol):
    """A client that has proven who it is. An access token given to it ends at ``until`` at the latest."""

    @property
    def installation(self) -> Installation: ...

    @property
    def until(self) -> datetime: ...

    def take(self, *, now: datetime, address: str | None) -> Mapping[str, Any]:
        """Note the use of what proved it, and hold it until the transaction ends, so that a stop waits.

        Returns the columns of the access token that say what it was given for, its label among them. Raises
        ClientRefused if that was stopped in the meantime.
        """


class Given(NamedTuple):
    """An access token just given, and for how many seconds."""

    text: str
    seconds: int


@transaction.atomic
def give_access_token(grantee: Grantee, *, now: datetime, address: str | None) -> Given:
    """Give a client an access token. It lives for ACCESS_TOKEN_MINUTES, or until what it was given for ends.

    Raises ClientRefused.
    """
    origin = grantee.take(now=now, address=address)
    expires_at = min(now + timedelta(minutes=settings.ACCESS_TOKEN_MINUTES), grantee.until)
    new = bearer.new_token(MARK)
    ScimToken.objects.create(
        installation=grantee.installation,
        kind=TokenKind.ACCESS,
        prefix=new.prefix,
        digest=new.digest,
        issued_at=now,
        expires_at=expires_at,
        **origin,
    )
    return Given(new.text, int((expires_at - now).total_seconds()))
