"""Whether an assertion is one of a trusted workload identity (RFC 7523 §3, with what Entra adds)."""

from datetime import datetime, timedelta
from typing import Final

from joserfc import jws
from joserfc.errors import JoseError

from scim_sync.federation.assertions import Assertion
from scim_sync.federation.exceptions import AssertionRefused
from scim_sync.federation.issuers import Issuer
from scim_sync.federation.key_documents import ALGORITHM
from scim_sync.federation.keys import key_of
from scim_sync.federation.pasted import Identity, read_identity
from scim_sync.models import FederatedTrust, TrustRefusal

SKEW: Final = timedelta(seconds=60)
"""How far our clock and Microsoft's may be apart."""
LONGEST_LIFE: Final = timedelta(hours=2)
"""From ``iat`` to ``exp``; Entra's assertions are valid for about an hour."""

# Not strict about header parameters that nobody knows: RFC 7515 §4 has them ignored. A key that the header
# itself brings (jku, jwk, x5u, x5c) is never used.
_RS256 = jws.JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)
_RS256.max_header_length = 4096


def identity_of(trust: FederatedTrust) -> Identity:
    """The identity that a trust trusts."""
    return read_identity(trust.issuer, trust.subject, trust.audience)


def verify_assertion(trust: FederatedTrust, assertion: Assertion, now: datetime) -> datetime:
    """Return when an assertion of the trusted identity expires. Raises AssertionRefused for any other.

    What costs nothing is checked first, so that only what could be an assertion of this identity costs a
    question for keys, or a signature. Not inside a transaction (``keys.key_of``).
    """
    identity = identity_of(trust)
    kid = assertion.header.get("kid")
    if assertion.header.get("alg") != ALGORITHM:
        raise AssertionRefused(TrustRefusal.ALGORITHM)
    if not isinstance(kid, str) or not kid:
        raise AssertionRefused(TrustRefusal.KEY)
    _check_issuer(assertion, identity.issuer)
    if assertion.text_of("aud") not in identity.audiences:
        raise AssertionRefused(TrustRefusal.AUDIENCE)
    if assertion.text_of("sub") != identity.subject:
        raise AssertionRefused(TrustRefusal.SUBJECT)
    expires = _check_times(assertion, now)
    key = key_of(identity.issuer, kid, now=now)
    try:
        jws.deserialize_compact(assertion.text, key, registry=_RS256)
    except (JoseError, ValueError) as error:
        raise AssertionRefused(TrustRefusal.SIGNATURE) from error
    return expires


def _check_issuer(assertion: Assertion, issuer: Issuer) -> None:
    presented, tenant = assertion.text_of("iss"), assertion.text_of("tid")
    if presented == issuer.version_1:
        raise AssertionRefused(TrustRefusal.VERSION)
    if presented == str(issuer) and tenant == issuer.tenant:
        return
    is_spelling = issuer.tenant in presented.lower() and tenant.lower() in ("", issuer.tenant)
    # An issuer spelled otherwise is not taken for the right one: it is compared as text.
    wrong_issuer = is_spelling and presented != str(issuer)
    raise AssertionRefused(TrustRefusal.ISSUER if wrong_issuer else TrustRefusal.TENANT)


def _check_times(assertion: Assertion, now: datetime) -> datetime:
    issued, expires = assertion.seconds_of("iat"), assertion.seconds_of("exp")
    begins = assertion.seconds_of("nbf") if "nbf" in assertion.claims else issued
    present, skew = now.timestamp(), SKEW.total_seconds()
    if expires <= present - skew:
        raise AssertionRefused(TrustRefusal.EXPIRED)
    if max(issued, begins) > present + skew:
        raise AssertionRefused(TrustRefusal.TOO_EARLY)
    if expires <= issued:
        raise AssertionRefused(TrustRefusal.MALFORMED)
    if expires - issued > LONGEST_LIFE.total_seconds():
        raise AssertionRefused(TrustRefusal.TOO_LONG)
    return datetime.fromtimestamp(expires, tz=now.tzinfo)
