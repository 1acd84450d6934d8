"""A client of the token endpoint that shows an assertion instead of a secret (RFC 7523 §2.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from addons.models import Installation
from scim_sync.federation.assertions import Assertion, read_assertion
from scim_sync.federation.exceptions import AssertionRefused
from scim_sync.federation.verifying import identity_of, verify_assertion
from scim_sync.models import FederatedTrust, TrustRefusal

OUTLIVES: Final = timedelta(hours=1)
"""How long after its assertion's end an access token may still work."""
NOTED_EACH: Final = timedelta(minutes=1)
"""How often the same refusal is written at most."""


@dataclass(frozen=True)
class Proven:
    """A trusted identity that showed its assertion; an access token for it ends no later than ``until``."""

    trust: FederatedTrust
    until: datetime


def authenticate(
    installation: Installation, *, assertion: str, client_id: str, now: datetime, address: str | None
) -> Proven:
    """Find and check the trust that an assertion is of; ``client_id`` as the form has it, empty without one.

    Raises AssertionRefused, noted at the trust for the administrator: the caller gets ``invalid_client`` and
    no reason. The same assertion may come again until it expires: Entra keeps one and sends it again, and it
    carries no id to tell (RFC 7523 §3 leaves that to us). Not inside a transaction: it may ask for keys.
    """
    trusts = list(installation.trusts.order_by("added_at"))
    trust = next((trust for trust in trusts if str(trust.pk) == client_id), None)
    try:
        read = read_assertion(assertion)
        trust = trust or _closest(trusts, read)
        if trust is None or client_id not in ("", str(trust.pk)):
            raise AssertionRefused(TrustRefusal.CLIENT)
        if not trust.is_live:
            raise AssertionRefused(TrustRefusal.SWITCHED_OFF)
        expires = verify_assertion(trust, read, now)
    except AssertionRefused as refused:
        # Without any hint whom it is for, the newest one shows it: a wizard is open there, most likely.
        if about := trust or (trusts[-1] if trusts else None):
            _note(about, refused.reason, now, address)
        raise
    return Proven(trust, expires + OUTLIVES)


def use_trust(trust: FederatedTrust, *, now: datetime, address: str | None) -> None:
    """Write that a trust is used, in the transaction that stores the access token, and before it.

    The row stays locked until then, so that switching the trust off waits and finds the token.
    Raises AssertionRefused if it was switched off, or another identity pasted, in the meantime.
    """
    same = FederatedTrust.objects.live().filter(
        pk=trust.pk, issuer=trust.issuer, subject=trust.subject, audience=trust.audience
    )
    if not same.update(accepted_at=now, last_used_at=now, last_used_address=address):
        raise AssertionRefused(TrustRefusal.SWITCHED_OFF)


def _closest(trusts: list[FederatedTrust], assertion: Assertion) -> FederatedTrust | None:
    """The trust that an assertion is of, or was meant for: with the most in common, a live one first."""

    def likeness(trust: FederatedTrust) -> tuple[int, bool]:
        identity = identity_of(trust)
        same = (
            assertion.text_of("iss") == trust.issuer,
            assertion.text_of("sub") == trust.subject,
            assertion.text_of("aud") in identity.audiences,
        )
        return sum(same), trust.is_live

    return max(reversed(trusts), key=likeness, default=None)


def _note(trust: FederatedTrust, reason: TrustRefusal, now: datetime, address: str | None) -> None:
    due = Q(refused_at__isnull=True) | Q(refused_at__lte=now - NOTED_EACH) | ~Q(refusal=reason)
    FederatedTrust.objects.filter(due, pk=trust.pk).update(
        refused_at=now, refused_address=address, refusal=reason
    )
