"""Reads and checks the secrets of the settings; the embedded default generates them once."""

import os
import secrets
from pathlib import Path

from environs import ValidationError

PLACEHOLDER_WORDS = ("change-me", "changeme", "secret-key", "insecure", "example")


def not_a_placeholder(value: str) -> str:
    """Return ``value``, a secret, or raise ``ValidationError`` when it is short or looks like a sample."""
    if len(value) < 50 or any(word in value.lower() for word in PLACEHOLDER_WORDS):
        raise ValidationError("is a placeholder or shorter than 50 characters; generate a new one")
    return value


def credential_keys(text: str, *, production: bool = False) -> dict[str, str]:
    """Parse ``CREDENTIAL_KEYS``: ``id:secret`` pairs joined by commas, the first one used for new digests.

    Raises ``ValidationError`` when an id is missing, empty or repeated; in production also when there is no
    key, or one that is short or looks like a sample.
    """
    keys: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key_id, separator, secret = pair.partition(":")
        if not separator or not key_id or not secret or key_id in keys:
            raise ValidationError("wants id:secret,id:secret with ids used once")
        keys[key_id] = not_a_placeholder(secret) if production else secret
    if production and not keys:
        raise ValidationError("wants at least one key, as id:secret")
    return keys


def receipt_keys(text: str, *, production: bool = False) -> list[str]:
    """Parse ``RECEIPT_KEYS``: secrets joined by commas, the first one signs, all of them verify.

    Raises ``ValidationError`` when one is repeated; in production also when there is none, or one that is
    short or looks like a sample.
    """
    keys = [part.strip() for part in text.split(",") if part.strip()]
    if len(set(keys)) != len(keys):
        raise ValidationError("wants each key once")
    if production and not keys:
        raise ValidationError("wants at least one key")
    return [not_a_placeholder(key) for key in keys] if production else keys


def embedded_secret(data_dir: Path, name: str) -> str:
    """Return the secret ``name`` from ``data_dir``; the first call creates it, readable only by its owner."""
    path = data_dir / "secrets" / name
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if path.exists():
        return path.read_text()
    made = secrets.token_urlsafe(48)
    staged = path.with_name(f".{name}.{os.getpid()}")
    staged.touch(mode=0o600)
    staged.write_text(made)
    try:
        os.link(staged, path)  # atomic: two processes that start at once get the same secret
    except FileExistsError:
        return path.read_text()
    finally:
        staged.unlink()
    return made
