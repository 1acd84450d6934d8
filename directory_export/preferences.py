"""The settings of one installation, as typed values."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from printmgmt.organizations.moments import zone_of


class Destination(models.TextChoices):
    OFF = "off", _("Off")
    FOLDER = "folder", _("A folder on the console's server")
    HTTPS = "https", _("An https address")


class Format(models.TextChoices):
    CSV = "csv", _("CSV, for spreadsheets")
    JSON = "json", _("JSON, for programs")


class Proof(models.TextChoices):
    """How the receiver of a POST can verify that this console sent it."""

    BEARER = "bearer", _("The secret itself, as a Bearer token")
    SIGNATURE = "signature", _("A signature made with the secret (HMAC-SHA-256)")


@dataclass(frozen=True)
class Preferences:
    """What is exported, where and when. ``at`` is in the organization's zone, ``folder`` in its folder."""

    destination: Destination
    format: Format
    at: time
    folder: str
    keep: int
    address: str
    proof: Proof

    @property
    def origin(self) -> str:
        """Scheme, host and port of the address, for which the secret is valid; "" without an address."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}".lower() if self.address else ""


def preferences_of(installation: Installation) -> Preferences:
    """Read from ``installation.settings``, which the settings form has validated."""
    values = installation.settings
    return Preferences(
        destination=Destination(values["destination"]),
        format=Format(values["format"]),
        at=time.fromisoformat(values["at"]),
        folder=values["folder"],
        keep=values["keep"],
        address=values["address"],
        proof=Proof(values["proof"]),
    )


def next_export(installation: Installation, after: datetime) -> datetime | None:
    """Return the first nightly export after ``after`` (aware); None while the export is off."""
    preferences = preferences_of(installation)
    if preferences.destination == Destination.OFF:
        return None
    zone = zone_of(installation.organization)
    day = after.astimezone(zone).date()
    # If a clock change skips or repeats the hour, use the one before the change (PEP 495, fold=0).
    moment = datetime.combine(day, preferences.at, tzinfo=zone)
    if moment.timestamp() <= after.timestamp():
        moment = datetime.combine(day + timedelta(days=1), preferences.at, tzinfo=zone)
    return moment
