"""Writes the file of a run and delivers it as the settings say."""

import tempfile
from dataclasses import asdict, dataclass
from typing import IO

from django.utils.translation import gettext as _

from directory_export.destinations import folder, https
from directory_export.destinations.addresses import parse
from directory_export.destinations.exceptions import DeliveryError
from directory_export.models import BOX, ExportPlan, ExportRun, Kind
from directory_export.preferences import Destination, Format, Preferences, Proof, preferences_of
from directory_export.writing import CONTENT_TYPES, Writer, write_export
from printmgmt.organizations.moments import zone_of
from printmgmt.secret_box import Unreadable
from printmgmt.work.claims import Claim


@dataclass(frozen=True)
class Delivered:
    """The result of a delivery, as columns of ExportRun."""

    destination: Destination
    location: str
    format: Format
    rows: int
    size: int
    sha256: str

    def columns(self) -> dict[str, object]:
        return asdict(self)


def deliver(claim: Claim[ExportRun]) -> Delivered:
    """Write and deliver with the present settings. Raises DeliveryError, OSError and LeaseLost."""
    run = claim.row
    preferences = preferences_of(run.installation)
    if preferences.destination == Destination.FOLDER:
        return _to_folder(run, preferences)
    if preferences.destination == Destination.HTTPS:
        return _to_address(claim, preferences)
    raise DeliveryError(_("The export was turned off in the meantime."), permanent=True)


def file_name(run: ExportRun, preferences: Preferences) -> str:
    """Return a name such as ``people-2026-11-23T0200-1a2b3c4d.csv``, the same for every attempt of a run."""
    ordered_at = run.created_at.astimezone(zone_of(run.organization))
    return f"{run.kind}-{ordered_at:%Y-%m-%dT%H%M}-{run.pk.hex[:8]}.{preferences.format}"


def _to_folder(run: ExportRun, preferences: Preferences) -> Delivered:
    location = "/".join(filter(None, (preferences.folder, file_name(run, preferences))))
    with folder.appearing(run.organization, location) as file:
        written = _write(run, preferences, file)
    return _delivered(preferences, location, written)


def _to_address(claim: Claim[ExportRun], preferences: Preferences) -> Delivered:
    run = claim.row
    secret = _secret(run, preferences)
    # A temporary file without a name: nothing stays on the console's disk.
    with tempfile.TemporaryFile() as file:
        written = _write(run, preferences, file)
        proof = https.bearer(secret) if preferences.proof == Proof.BEARER else https.signature(secret, file)
        headers = {
            "Content-Type": CONTENT_TYPES[preferences.format],
            "Content-Disposition": f'attachment; filename="{file_name(run, preferences)}"',
            "X-Printmgmt-Export": str(run.pk),
            "X-Printmgmt-Kind": run.kind,
            **proof,
        }
        file.seek(0)
        claim.renew()  # writing may have taken long, and the receiver may be slow to respond
        https.post(preferences.address, file, size=written.size, headers=headers)
    return _delivered(preferences, parse(preferences.address).name, written)


def _write(run: ExportRun, preferences: Preferences, file: IO[bytes]) -> Writer:
    return write_export(file, run.organization, Kind(run.kind), preferences.format, zone_of(run.organization))


def _secret(run: ExportRun, preferences: Preferences) -> str:
    plan = ExportPlan.objects.filter(installation=run.installation).first()
    if plan is None or not plan.sealed_secret or plan.secret_origin != preferences.origin:
        raise DeliveryError(_("No secret is stored for this address."), permanent=True)
    try:
        return BOX.open(plan.sealed_secret)
    except Unreadable as error:
        raise DeliveryError(
            _("The secret cannot be read because the key it was encrypted with is gone. Set it again."),
            permanent=True,
        ) from error


def _delivered(preferences: Preferences, location: str, written: Writer) -> Delivered:
    return Delivered(
        destination=preferences.destination,
        location=location,
        format=preferences.format,
        rows=written.rows,
        size=written.size,
        sha256=written.sha256,
    )
