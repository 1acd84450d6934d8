"""The ways in which a directory connects. Several may be on at once, while one replaces another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from addons.models import Installation
from printmgmt.audit.actors import Actor
from scim_sync.credentials.clients import revoke_all_client_secrets
from scim_sync.credentials.tokens import revoke_all
from scim_sync.federation.trusts import end_all_trusts
from scim_sync.models import FederatedTrust, ScimClientSecret, ScimToken

SECRET_TOKEN: Final = "secret-token"  # noqa: S105 -- a name
CLIENT_CREDENTIALS: Final = "client-credentials"
FEDERATION: Final = "federation"


class Credential(Protocol):
    """Something that proves to us who calls: a secret token, a client secret, a trust."""

    @property
    def is_live(self) -> bool:
        """Whether it opens the installation now."""

    @property
    def last_used_at(self) -> datetime | None:
        """When it was last used, to the minute."""


@dataclass(frozen=True)
class Way:
    """One way to connect.

    ``made`` returns all that was ever created for it in an installation, the newest first; ``end_all``
    revokes all of it, as uninstalling does. ``scheme`` is its type in ServiceProviderConfig (RFC 7643 §5).
    """

    name: str
    scheme: str
    made: Callable[[Installation], Sequence[Credential]]
    end_all: Callable[..., None]


def secret_tokens_of(installation: Installation) -> list[ScimToken]:
    """All secret tokens of an installation, the newest first, with who created them."""
    rows = installation.tokens.secrets().select_related("issued_by")
    return list(rows.order_by("-issued_at"))


def client_secrets_of(installation: Installation) -> list[ScimClientSecret]:
    """All client secrets of an installation, the newest first, with who created them."""
    rows = ScimClientSecret.objects.filter(client__installation=installation)
    return list(rows.select_related("client", "issued_by").order_by("-issued_at"))


def trusts_of(installation: Installation) -> list[FederatedTrust]:
    """All trusts of an installation, the newest first, with who added them."""
    return list(installation.trusts.select_related("added_by").order_by("-added_at"))


WAYS: Final[tuple[Way, ...]] = (
    Way(SECRET_TOKEN, "oauthbearertoken", secret_tokens_of, revoke_all),
    Way(CLIENT_CREDENTIALS, "oauth2", client_secrets_of, revoke_all_client_secrets),
    Way(FEDERATION, "oauth2", trusts_of, end_all_trusts),
)


def credentials_of(installation: Installation) -> list[Credential]:
    """All that was ever created for any way to connect; one query for each way."""
    return [credential for way in WAYS for credential in way.made(installation)]


def schemes_on(installation: Installation) -> set[str]:
    """The types of authentication schemes by which the installation can be opened now."""
    return {way.scheme for way in WAYS if any(each.is_live for each in way.made(installation))}


def end_all_ways(installation: Installation, *, by: Actor) -> None:
    """Revoke all that opens an installation."""
    for way in WAYS:
        way.end_all(installation, by=by)


def last_use(credentials: Sequence[Credential] | Sequence[Any]) -> datetime | None:
    """When the last of these was used, None if none ever was."""
    return max((each.last_used_at for each in credentials if each.last_used_at), default=None)
