"""Issuers of Entra's tokens: one fixed host for each cloud, and a tenant."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scim_sync.federation.exceptions import PastedError


class Cloud(models.TextChoices):
    """Microsoft's clouds, by the host that signs in there. No other host is ever called."""

    PUBLIC = "login.microsoftonline.com", gettext_lazy("Azure (worldwide)")
    US_GOVERNMENT = "login.microsoftonline.us", gettext_lazy("Azure US Government")
    CHINA = "login.partner.microsoftonline.cn", gettext_lazy("Azure China (21Vianet)")


UUID_TEXT: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
PERSONAL: Final = "9188040d-6c67-4b5b-b112-36a304b66dad"
"""The tenant of personal Microsoft accounts, which anyone can open."""

_EXACT = re.compile(rf"https://([a-z.]+)/({UUID_TEXT})/v2\.0")
# Hosts of tokens of version 1.0, and earlier names. Each means one of ours.
_FORMER: Final = {
    "sts.windows.net": Cloud.PUBLIC,
    "login.windows.net": Cloud.PUBLIC,
    "login.microsoft.com": Cloud.PUBLIC,
    "sts.chinacloudapi.cn": Cloud.CHINA,
    "login.chinacloudapi.cn": Cloud.CHINA,
}
_ANYWHERE = re.compile(rf"^\s*(?:https?://)?([a-z0-9.-]+)(?::\d+)?/+({UUID_TEXT})(?:[/?\s]|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Issuer:
    """One tenant in one cloud; ``tenant`` is its id in lower case."""

    cloud: Cloud
    tenant: str

    def __str__(self) -> str:
        return f"https://{self.cloud.value}/{self.tenant}/v2.0"

    @property
    def keys_path(self) -> str:
        """Where the host of the cloud publishes the tenant's keys."""
        return f"/{self.tenant}/discovery/v2.0/keys"

    @property
    def version_1(self) -> str:
        """What the tenant's tokens of version 1.0 name as their issuer."""
        host = {Cloud.CHINA: "sts.chinacloudapi.cn"}.get(self.cloud, "sts.windows.net")
        return f"https://{host}/{self.tenant}/"


def read_issuer(text: str) -> Issuer:
    """Read an issuer as Azure shows it: ``https://<host of a cloud>/<tenant id>/v2.0``, and nothing else.

    Raises PastedError, a sentence that says what to paste where the tenant can be told.
    """
    match = _EXACT.fullmatch(text)
    if match and match[1] in Cloud.values and match[2] == match[2].lower():
        issuer = Issuer(Cloud(match[1]), match[2])
        _check_tenant(issuer)
        return issuer
    meant = _meant(text)
    if meant is None:
        raise PastedError(
            _(
                "Paste the issuer exactly as Azure shows it: https://login.microsoftonline.com/, the tenant "
                "ID, and /v2.0."
            )
        )
    _check_tenant(meant)
    raise PastedError(f"{_what_is_wrong(text)} {_('Paste this instead: %(issuer)s') % {'issuer': meant}}")


def _meant(text: str) -> Issuer | None:
    """The issuer of which this is another spelling, or another address of the same tenant."""
    match = _ANYWHERE.match(text)
    if match is None:
        return None
    host = match[1].lower()
    cloud = Cloud(host) if host in Cloud.values else _FORMER.get(host)
    return Issuer(cloud, str(UUID(match[2]))) if cloud else None


def _what_is_wrong(text: str) -> str:
    lower = text.lower()
    if text != "".join(text.split()):
        return _("There are spaces or line breaks in it.")
    if "/discovery/" in lower:
        return _("This is the address of the keys (JWKS URL), not the issuer.")
    if any(f"//{host}/" in lower for host in _FORMER):
        return _("This is the issuer of tokens of version 1.0, which Entra does not send here.")
    if text != lower:
        return _("It contains capital letters.")
    if text.endswith("/v2.0/"):
        return _("There is a slash at the end.")
    return _("It is not the issuer as Azure shows it.")


def _check_tenant(issuer: Issuer) -> None:
    if issuer.tenant == PERSONAL or not UUID(issuer.tenant).int:
        raise PastedError(_("This is not the issuer of your organization. Paste the one that Azure shows."))
