"""Reads settings from the environment: parsers that environs lacks, and one readable error message."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError, ValidationError

FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# Detect a server that vanished within ten seconds. TCP alone would take minutes.
POSTGRESQL_TIMEOUTS = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,  # milliseconds until sent data must be acknowledged
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class SettingsRefused(ImproperlyConfigured):
    """The environment is not valid. The message lists every variable that is wrong, with the reason."""


def finish_reading(env: Env) -> None:
    """Validate all variables that were read. Raises SettingsRefused if any is missing or wrong."""
    try:
        env.seal()
    except EnvValidationError as error:
        found = (
            error.error_messages if isinstance(error.error_messages, dict) else {"?": error.error_messages}
        )
        lines = [f"  {name}: {' '.join(map(str, reasons))}" for name, reasons in sorted(found.items())]
        raise SettingsRefused(
            "\n".join(["Settings are missing or wrong (see .env.example):", *lines])
        ) from None


def database_url(value: str, *, required: bool = False) -> dict[str, Any]:
    """Parse ``DATABASE_URL`` for Django. "" gives {} unless required. Raises ``ValidationError``."""
    if not value and not required:
        return {}
    try:
        parsed = dj_database_url.parse(value)
    except Exception as error:  # noqa: BLE001  # the parser lets whatever it stumbles over through
        raise ValidationError("wants postgres://user:password@host/name") from error
    return dict(parsed)


def networks(value: str) -> list[IPv4Network | IPv6Network]:
    """Parse addresses and networks such as ``127.0.0.1,fe80::/10``. Raises ``ValidationError``."""
    try:
        return [ip_network(text.strip()) for text in value.split(",") if text.strip()]
    except ValueError as error:
        raise ValidationError(f"wants addresses or networks, separated by commas: {error}") from None


def not_empty(value: Any) -> None:
    """Raise ``ValidationError`` if the variable is empty."""
    if not value:
        raise ValidationError("is empty")


def web_origin(value: str) -> str:
    """Validate a public address: ``http(s)://host[:port]`` without a path; raises ``ValidationError``."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    else:
        good = good and not parts.path.strip("/") and not (parts.query or parts.fragment or parts.username)
    if not good:
        raise ValidationError("wants https://host or https://host:port, nothing behind it")
    return value


def https_origin_or_nothing(value: str) -> str:
    """Validate an address ``https://host[:port]``, or nothing; raises ``ValidationError``."""
    if value and urlsplit(web_origin(value)).scheme != "https":
        raise ValidationError("wants https://host or https://host:port")
    return value


def sqlite(path: Path) -> dict[str, Any]:
    """Return Django's database setting for a SQLite file. Unlike in a URL, any path works."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}


def mail_folder(path: Path) -> dict[str, Any]:
    """Return Django's mail settings that write each mail to a file in ``path``."""
    return {"EMAIL_BACKEND": FILE_BACKEND, "EMAIL_FILE_PATH": str(path)}


def mail_url(value: str, *, required: bool = False) -> dict[str, Any]:
    """Parse ``EMAIL_URL`` for Django: a mail server or a folder.

    ``smtp+tls://user:password@host:587`` (STARTTLS), ``smtps://`` (TLS from the first byte), ``smtp://``
    (plain), ``file:///folder``; user and password percent-encoded. An empty value gives {} unless required.

    Raises ``ValidationError`` for an invalid address.
    """
    if not value and not required:
        return {}
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise ValidationError(f"is not an address: {error}") from None
    if parts.scheme == "file" and not parts.netloc and len(parts.path) > 1:
        return mail_folder(Path(unquote(parts.path)))
    if parts.scheme not in MAIL_PORTS or not parts.hostname:
        raise ValidationError("wants smtp+tls://, smtps:// or smtp:// with a host, or file:///folder")
    return {
        "EMAIL_BACKEND": SMTP_BACKEND,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or MAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
