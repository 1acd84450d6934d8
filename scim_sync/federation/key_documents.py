"""Documents of public keys (JWK Sets, RFC 7517 §5): which of the keys may sign an assertion."""

import json
from collections.abc import Mapping
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.util import base64_to_int

from scim_sync.federation.issuers import Issuer

ALGORITHM: Final = "RS256"
LEAST_BITS, MOST_BITS = 2048, 4096
"""Of a modulus: RFC 7518 §3.3 demands 2048, and a longer one costs processor time."""
MOST_KEYS: Final = 100
LONGEST_KID: Final = 200

Numbers = Mapping[str, str]
"""``n`` and ``e`` of an RSA key in base64url."""


class NotKeys(ValueError):
    """A document without any key that could be used."""


def read_keys(document: bytes, issuer: Issuer) -> dict[str, Numbers]:
    """Return the keys for RS256 signatures of this issuer, by ``kid``. Raises NotKeys if there is none.

    Other keys are left out: of another type, for another use or algorithm, too small, or another issuer's.
    """
    try:
        read = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise NotKeys("no JSON") from error
    listed = read.get("keys") if isinstance(read, dict) else None
    found: dict[str, Numbers] = {}
    for entry in listed[:MOST_KEYS] if isinstance(listed, list) else []:
        if isinstance(entry, dict) and _is_for(entry, issuer) and _is_sound(entry):
            found.setdefault(entry["kid"], {"n": entry["n"], "e": entry["e"]})
    if not found:
        raise NotKeys("no key")
    return found


def public_key(numbers: Numbers) -> RSAKey:
    """The key with these numbers. Raises JoseError or ValueError for numbers that are none of a key."""
    return RSAKey.import_key({"kty": "RSA", "n": numbers["n"], "e": numbers["e"]})


def _is_for(entry: dict[str, Any], issuer: Issuer) -> bool:
    kid, operations, whose = entry.get("kid"), entry.get("key_ops", ["verify"]), entry.get("issuer")
    return (
        entry.get("kty") == "RSA"
        and entry.get("use", "sig") == "sig"
        and entry.get("alg", ALGORITHM) == ALGORITHM
        and isinstance(operations, list)
        and "verify" in operations
        and isinstance(kid, str)
        and 0 < len(kid) <= LONGEST_KID
        # Microsoft adds whose tokens a key signs: any tenant's ("{tenantid}"), or one's (personal accounts).
        and (whose is None or str(whose).replace("{tenantid}", issuer.tenant) == str(issuer))
    )


def _is_sound(entry: dict[str, Any]) -> bool:
    n, e = entry.get("n"), entry.get("e")
    if not isinstance(n, str) or not isinstance(e, str) or len(n) > MOST_BITS or len(e) > LONGEST_KID:
        return False
    try:
        if not LEAST_BITS <= base64_to_int(n).bit_length() <= MOST_BITS:
            return False
        public_key({"n": n, "e": e}).public_key  # noqa: B018 -- reads the numbers
    except (JoseError, ValueError, TypeError):
        return False
    return True
