"""Encryption of the secret at rest: Fernet under a key that follows from SECRET_KEY (ADR 11)."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

PURPOSE = b"directory_export.secret"


class Unreadable(Exception):
    """Sealed under a SECRET_KEY that is no longer known: the secret has to be set anew."""


def seal(secret: str) -> str:
    """Return ``secret`` such that only this console can read it."""
    return _fernet().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed. Raises Unreadable."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str | bytes) -> bytes:
    # SECRET_KEY is random and long, so one HMAC is derivation enough.
    return base64.urlsafe_b64encode(hmac.new(force_bytes(key), PURPOSE, hashlib.sha256).digest())
