"""System checks of the settings: errors prevent startup, warnings inform operators."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.http.request import validate_host
from django.utils.translation import gettext as _

BROKER_SCHEMES = {"redis", "rediss", "redis+socket", "sentinel"}
PRIVATE_ENDINGS = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test", ".invalid")


def is_public_https(url: str) -> bool:
    """Whether a service on the internet, such as Entra, could call ``url``, judging by its host name."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        reachable = ip_address(host).is_global
    except ValueError:
        reachable = "." in host and not host.endswith(PRIVATE_ENDINGS)
    return parts.scheme == "https" and reachable


@register(Tags.security, deploy=True)
def check_public_url(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """W001: Entra cannot reach us under ``PUBLIC_URL``. The console says the same on the add-on's page."""
    if is_public_https(settings.PUBLIC_URL):
        return []
    return [
        Warning(
            _("PUBLIC_URL (%(url)s) is not a public https address; Microsoft Entra cannot call it.")
            % {"url": settings.PUBLIC_URL},
            hint=_("Set PUBLIC_URL to the https address at which the internet reaches this console."),
            id="printmgmt.W001",
        )
    ]


@register(Tags.security)
def check_production(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """E001–E004: settings that must not serve people in production."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if urlsplit(settings.PUBLIC_URL).scheme != "https":
        found.append(Error(_("PUBLIC_URL must begin with https:// in production."), id="printmgmt.E001"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error(_("ALLOWED_HOSTS must name hosts in production, not “*”."), id="printmgmt.E002"))
    if settings.DEBUG:
        found.append(Error(_("DEBUG must be off in production."), id="printmgmt.E003"))
    if urlsplit(settings.BROKER_URL).scheme not in BROKER_SCHEMES:
        found.append(Error(_("BROKER_URL must be a Redis or Valkey address."), id="printmgmt.E004"))
    return found


@register(Tags.security)
def check_own_host(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """E005: every call to the Tenant URL would be refused with 400."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if validate_host(host, settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            _("ALLOWED_HOSTS does not contain %(host)s, the host of PUBLIC_URL.") % {"host": host},
            hint=_("Remove ALLOWED_HOSTS: it then follows PUBLIC_URL."),
            id="printmgmt.E005",
        )
    ]


@register(Tags.database, deploy=True)
def check_database(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """W002: the embedded database in production."""
    if not settings.PRODUCTION or settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return []
    return [
        Warning(
            _("DATABASE_URL is not PostgreSQL; races and scale are proven on PostgreSQL only."),
            hint=_("Set DATABASE_URL to a PostgreSQL 14 or newer."),
            id="printmgmt.W002",
        )
    ]
