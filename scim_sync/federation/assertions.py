"""Assertions as text: a JWT in JWS compact form (RFC 7515 §7.1), read and not yet believed."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any, Final

from scim_sync.federation.exceptions import AssertionRefused
from scim_sync.models import TrustRefusal

LONGEST: Final = 16 * 1024
"""Characters of an assertion; Entra's have some 1,500."""

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Assertion:
    """What an assertion says. ``text`` is all of it, with the signature."""

    text: str
    header: dict[str, Any]
    claims: dict[str, Any]

    def text_of(self, claim: str) -> str:
        """A claim that is text; empty where it is anything else."""
        value = self.claims.get(claim)
        return value if isinstance(value, str) else ""

    def seconds_of(self, claim: str) -> int:
        """A claim that is a time in whole seconds since 1970, as Entra writes it.

        Raises AssertionRefused for anything else, malformed: a fraction may be infinite, or no number.
        """
        value = self.claims.get(claim)
        if type(value) is not int:
            raise AssertionRefused(TrustRefusal.MALFORMED)
        return value


def read_assertion(text: str) -> Assertion:
    """Read an assertion. Raises AssertionRefused: too large, or malformed."""
    if len(text) > LONGEST:
        raise AssertionRefused(TrustRefusal.TOO_LARGE)
    # Strict on purpose: decoders skip what is not of their alphabet, such as line breaks.
    match = _COMPACT.fullmatch(text)
    if match is None:
        raise AssertionRefused(TrustRefusal.MALFORMED)
    header = _object(match[1])
    # RFC 7515 §4.1.11: what is critical must be understood, and we understand nothing of the kind. RFC 7797's
    # "b64" would change what is signed.
    if "crit" in header or "b64" in header:
        raise AssertionRefused(TrustRefusal.MALFORMED)
    return Assertion(text, header, _object(match[2]))


def _object(segment: str) -> dict[str, Any]:
    try:
        read = json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except (ValueError, RecursionError) as error:
        raise AssertionRefused(TrustRefusal.MALFORMED) from error
    if not isinstance(read, dict):
        raise AssertionRefused(TrustRefusal.MALFORMED)
    return read
