"""Client credentials: the id and secret of an installation's client (RFC 6749 §2.3.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from addons.models import Installation, InstallationState
from printmgmt.tokens import bearer
from scim_sync.credentials.clients import MARK
from scim_sync.credentials.refusals import ClientRefused
from scim_sync.models import ScimClient, ScimClientSecret, ScimToken
from scim_sync.oauth.errors import TooManyRequests
from scim_sync.oauth.requests import TokenRequest
from scim_sync.oauth.throttling import GIVEN
from scim_sync.provisioning_log.reasons import Reason


@dataclass(frozen=True)
class SecretHolder:
    """A client that presented a live secret: a `Grantee`."""

    secret: ScimClientSecret

    @property
    def installation(self) -> Installation:
        return self.secret.installation

    @property
    def until(self) -> datetime:
        return self.secret.expires_at

    def take(self, *, now: datetime, address: str | None) -> Mapping[str, Any]:
        """Hold client and secret, so that revoking and switching off wait and then find the access token."""
        held = ScimClientSecret.objects.select_for_update(of=("self", "client"), no_key=True)
        secret = held.select_related("client").get(pk=self.secret.pk)
        if refused := _refusal(secret, self.installation.state):
            raise ClientRefused(refused)
        ScimClientSecret.objects.filter(pk=secret.pk).update(last_used_at=now, last_used_address=address)
        return {"client_secret": secret, "label": secret.label}


def authenticate(asked: TokenRequest) -> SecretHolder:
    """The holder of the secret that a request presents. One query if it is good.

    Raises ClientRefused with the reason, and TooManyRequests.
    """
    client_id, presented = asked.presented
    if not presented:
        raise ClientRefused(Reason.CLIENT_SECRET_MISSING)
    secrets = _secrets_of(asked.addressed)
    secret = bearer.find_token(lambda prefix: secrets.filter(prefix=prefix).first(), presented, mark=MARK)
    if secret is None or str(secret.client_id) != client_id:
        raise ClientRefused(_why_unknown(asked, client_id))
    if refused := _refusal(secret, secret.installation.state):
        raise ClientRefused(refused)
    if secret.given >= GIVEN.failures:  # type: ignore[attr-defined]  # annotated
        raise TooManyRequests(int(GIVEN.within.total_seconds()))
    return SecretHolder(secret)


def _secrets_of(addressed: str) -> QuerySet[ScimClientSecret]:
    """The secrets of the installation in the path; ``given`` is how many tokens its client got lately."""
    try:
        installation = UUID(addressed)
    except ValueError:
        return ScimClientSecret.objects.none()
    recent = ScimToken.objects.filter(
        client_secret__client=OuterRef("client"), issued_at__gt=timezone.now() - GIVEN.within
    )
    number = recent.values("client_secret__client").values(number=Count("pk"))
    return (
        ScimClientSecret.objects.filter(client__installation=installation)
        .select_related("client__installation__organization")
        .annotate(given=Coalesce(Subquery(number), 0))
    )


def _refusal(secret: ScimClientSecret, state: str) -> Reason | None:
    if state == InstallationState.UNINSTALLED:
        return Reason.UNINSTALLED
    if secret.revoked_at is not None:
        return Reason.CLIENT_SECRET_REVOKED
    if secret.expires_at <= timezone.now():
        return Reason.CLIENT_SECRET_EXPIRED
    if secret.client.off_at is not None:
        return Reason.CLIENT_OFF
    return Reason.PAUSED if state == InstallationState.PAUSED else None


def _why_unknown(asked: TokenRequest, client_id: str) -> Reason:
    """The part that is wrong, for the log."""
    known = ScimClient.objects.filter(installation=asked.installation).first() if asked.installation else None
    is_known = known is not None and str(known.pk) == client_id
    return Reason.CLIENT_SECRET_UNKNOWN if is_known else Reason.CLIENT_UNKNOWN
