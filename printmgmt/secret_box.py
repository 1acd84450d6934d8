"""Keeps secrets that have to be read again: Fernet under keys that follow from CREDENTIAL_KEYS."""

import base64
import hmac
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """Damaged, or sealed under a key that is no longer in ``CREDENTIAL_KEYS``: to be set again."""


@dataclass(frozen=True)
class SecretBox:
    """Seals under the first of ``CREDENTIAL_KEYS`` and opens under any of them.

    ``purpose`` is part of every key, so that what was sealed for one purpose opens in no other box, and the
    digests of cards and PINs share no key with it. It is never changed.
    """

    purpose: str

    def seal(self, secret: str) -> str:
        """Return ``secret`` such that only this console can read it."""
        return self._keys().encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return what was sealed. Raises Unreadable."""
        try:
            return self._keys().decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise Unreadable from error

    def _keys(self) -> MultiFernet:
        # CREDENTIAL_KEYS are random and long, so one HMAC is derivation enough.
        derived = (
            hmac.digest(key.encode(), self.purpose.encode(), "sha256")
            for key in settings.CREDENTIAL_KEYS.values()
        )
        return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
