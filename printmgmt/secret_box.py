"""Encrypts secrets that must be readable again: Fernet, with keys derived from CREDENTIAL_KEYS."""

import base64
import hmac
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """The text is damaged, or its key is not in ``CREDENTIAL_KEYS`` any more. Set the secret again."""


@dataclass(frozen=True)
class SecretBox:
    """Encrypts with the first of ``CREDENTIAL_KEYS`` and decrypts with any of them.

    ``purpose`` is part of each derived key, so boxes of different purposes cannot read each other's secrets,
    nor share keys with the digests of cards and PINs. Never change it.
    """

    purpose: str

    def seal(self, secret: str) -> str:
        """Return ``secret``, encrypted."""
        return self._keys().encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the secret that was sealed. Raises Unreadable."""
        try:
            return self._keys().decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise Unreadable from error

    def _keys(self) -> MultiFernet:
        # CREDENTIAL_KEYS are random and long, so one HMAC is enough to derive a key.
        derived = (
            hmac.digest(key.encode(), self.purpose.encode(), "sha256")
            for key in settings.CREDENTIAL_KEYS.values()
        )
        return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
