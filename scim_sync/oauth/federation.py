"""Federation: a client shows an assertion of its Entra tenant instead of a secret (RFC 7523 §2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from addons.models import Installation, InstallationState
from scim_sync.credentials.refusals import ClientRefused
from scim_sync.federation.authentication import authenticate as prove
from scim_sync.federation.authentication import use_trust
from scim_sync.federation.exceptions import AssertionRefused
from scim_sync.models import FederatedTrust
from scim_sync.oauth.errors import MalformedRequest, TooManyRequests
from scim_sync.oauth.requests import TokenRequest
from scim_sync.oauth.throttling import GIVEN
from scim_sync.provisioning_log.reasons import Reason

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class AssertionHolder:
    """A workload identity that showed an assertion: a `Grantee`."""

    trust: FederatedTrust
    until: datetime

    @property
    def installation(self) -> Installation:
        return self.trust.installation

    def take(self, *, now: datetime, address: str | None) -> Mapping[str, Any]:
        """Hold the trust, so that switching it off waits and then finds the access token."""
        try:
            use_trust(self.trust, now=now, address=address)
        except AssertionRefused as refused:
            raise ClientRefused(None) from refused
        return {"trust": self.trust, "label": self.trust.subject}


def authenticate(asked: TokenRequest) -> AssertionHolder | None:
    """The identity whose assertion a request shows, None without one. Three queries if it is good.

    Raises ClientRefused, MalformedRequest and TooManyRequests. Not inside a transaction.
    """
    form = asked.form
    if "client_assertion" not in form and "client_assertion_type" not in form:
        return None
    if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
        raise MalformedRequest(f"client_assertion and the client_assertion_type {ASSERTION_TYPE} go together")
    if "Authorization" in asked.http.headers:
        raise MalformedRequest("client_assertion and the Authorization header exclude each other")
    installation = asked.installation
    if installation is None:
        raise ClientRefused(None)
    if installation.state != InstallationState.ACTIVE:
        is_paused = installation.state == InstallationState.PAUSED
        raise ClientRefused(Reason.PAUSED if is_paused else Reason.UNINSTALLED)
    now = timezone.now()
    try:
        proven = prove(
            installation,
            assertion=form["client_assertion"],
            client_id=form.get("client_id", ""),
            now=now,
            address=asked.address,
        )
    except AssertionRefused as refused:
        # Its trust says why; without one, only the log can.
        raise ClientRefused(None if installation.trusts.exists() else Reason.TRUST_MISSING) from refused
    if proven.trust.access_tokens.filter(issued_at__gt=now - GIVEN.within).count() >= GIVEN.failures:
        raise TooManyRequests(int(GIVEN.within.total_seconds()))
    return AssertionHolder(proven.trust, proven.until)
