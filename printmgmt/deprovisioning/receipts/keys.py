"""The keys that sign receipts: made from `RECEIPT_KEYS`, the first one signs, all of them verify."""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

_PURPOSE = b"printmgmt receipts, Ed25519"


def sign(message: bytes) -> tuple[str, str]:
    """Return the id of the newest key, and its Ed25519 signature of ``message`` in base64."""
    key_id, private = next(iter(_keys(tuple(settings.RECEIPT_KEYS)).items()))
    return key_id, base64.b64encode(private.sign(message)).decode()


def is_signed(message: bytes, key_id: str, signature: str) -> bool | None:
    """Whether the key with this id signed ``message``; None if there is no such key."""
    private = _keys(tuple(settings.RECEIPT_KEYS)).get(key_id)
    if private is None:
        return None
    try:
        private.public_key().verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_keys() -> list[dict[str, str]]:
    """Return all public keys, the newest first, as PEM and with their ids, to publish."""
    return [
        {
            "key_id": key_id,
            "algorithm": "Ed25519",
            "pem": private.public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            .decode(),
        }
        for key_id, private in _keys(tuple(settings.RECEIPT_KEYS)).items()
    ]


@lru_cache(maxsize=8)
def _keys(secrets: tuple[str, ...]) -> dict[str, Ed25519PrivateKey]:
    # The secrets are random and long, so one HMAC is enough to derive a key.
    derived = (hmac.digest(secret.encode(), _PURPOSE, "sha256") for secret in secrets)
    privates = [Ed25519PrivateKey.from_private_bytes(seed) for seed in derived]
    return {_id(private.public_key()): private for private in privates}


def _id(public: Ed25519PublicKey) -> str:
    """The id of a key: the beginning of its SHA-256, so that it cannot stand for another one."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]
