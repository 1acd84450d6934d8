"""Why a printer is in its state, in words: keywords of RFC 8011 §5.4.12, of PWG 5100.9, and CUPS's own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.keywords import readable
from printmgmt.console.shell.navigation import Text

REASONS: Final[Mapping[str, Text]] = {
    # RFC 8011 §5.4.12
    "connecting-to-device": _("Connecting to the device"),
    "cover-open": _("Cover open"),
    "developer-empty": _("Developer empty"),
    "developer-low": _("Developer low"),
    "door-open": _("Door open"),
    "fuser-over-temp": _("Fuser too hot"),
    "fuser-under-temp": _("Fuser too cold"),
    "input-tray-missing": _("Tray missing"),
    "interlock-open": _("Interlock open"),
    "interpreter-resource-unavailable": _("Out of memory or fonts"),
    "marker-supply-empty": _("Toner or ink empty"),
    "marker-supply-low": _("Toner or ink low"),
    "marker-waste-almost-full": _("Waste container almost full"),
    "marker-waste-full": _("Waste container full"),
    "media-empty": _("Out of paper"),
    "media-jam": _("Paper jam"),
    "media-low": _("Paper low"),
    "media-needed": _("Needs paper"),
    "moving-to-paused": _("Stops after this job"),
    "opc-life-over": _("Drum worn out"),
    "opc-near-eol": _("Drum almost worn out"),
    "other": _("Another problem"),
    "output-area-almost-full": _("Output tray almost full"),
    "output-area-full": _("Output tray full"),
    "output-tray-missing": _("Output tray missing"),
    "paused": _("Paused"),
    "shutdown": _("Shut down"),
    "spool-area-full": _("Storage for jobs full"),
    "stopped-partly": _("Partly stopped"),
    "stopping": _("Stopping"),
    "timed-out": _("The device does not answer"),
    "toner-empty": _("Toner empty"),
    "toner-low": _("Toner low"),
    # RFC 3998 §8.1, PWG 5100.9, PWG 5100.13
    "alert-removal-of-binary-change-entry": _("A problem ended"),
    "cleaner-life-almost-over": _("Cleaner almost worn out"),
    "cleaner-life-over": _("Cleaner worn out"),
    "deactivated": _("Turned off"),
    "hibernate": _("Hibernating"),
    "hold-new-jobs": _("Holds new jobs"),
    "identify-printer-requested": _("Someone is looking for this device"),
    "media-path-jam": _("Paper jam"),
    "power-down": _("Powered down"),
    "printer-manual-reset": _("Was restarted"),
    "standby": _("Standby"),
    "suspend": _("Suspended"),
    "testing": _("Testing itself"),
    "wiper-failure": _("Wiper failed"),
    # CUPS
    "cups-insecure-filter": _("A filter on the server has unsafe permissions"),
    "cups-ipp-conformance-failure": _("The device does not follow IPP"),
    "cups-ipp-missing-cancel-job": _("The device cannot cancel jobs"),
    "cups-ipp-missing-get-job-attributes": _("The device does not report about jobs"),
    "cups-ipp-missing-print-job": _("The device does not accept jobs by IPP"),
    "cups-ipp-missing-validate-job": _("The device does not check jobs"),
    "cups-ipp-wrong-http-version": _("The device uses an old version of HTTP"),
    "cups-missing-filter": _("A filter is missing on the server"),
    "cups-pki-expired": _("The device’s certificate has expired"),
    "cups-pki-invalid": _("The device’s certificate is not valid"),
    "cups-pki-unknown": _("The device’s certificate is not trusted"),
    "cups-remote-aborted": _("The device gave up on the job"),
    "cups-remote-canceled": _("The job was canceled at the device"),
    "cups-remote-pending": _("The job waits at the device"),
    "cups-remote-pending-held": _("The job is held at the device"),
    "cups-remote-processing": _("The device is printing"),
    "cups-remote-stopped": _("The device stopped the job"),
    "cups-waiting-for-job-completed": _("Waiting until the device is done"),
    "offline": _("The device is offline"),
}

SILENT: Final = frozenset({"none", "cups-remote-completed"})


class Severity(StrEnum):
    """How bad a reason is, by its suffix (RFC 8011 §5.4.12); the value names the color of its text."""

    ERROR = "danger"
    WARNING = "body"
    REPORT = "secondary"


_SUFFIXES: Final = {
    "-error": Severity.ERROR,
    "-warning": Severity.WARNING,
    "-report": Severity.REPORT,
}


@dataclass(frozen=True)
class Reason:
    """One reason in words."""

    words: Text
    severity: Severity


def reason_of(keyword: str) -> Reason:
    """Put a keyword into words; an unknown one as it is called, without its suffix."""
    for suffix, severity in _SUFFIXES.items():
        if keyword.endswith(suffix) and keyword != suffix:
            plain = keyword.removesuffix(suffix)
            return Reason(REASONS.get(plain) or readable(plain), severity)
    return Reason(REASONS.get(keyword) or readable(keyword), Severity.REPORT)


def reasons_of(keywords: Iterable[str]) -> Iterator[Reason]:
    """Put a printer's reasons into words, each once, in their order."""
    said = set()
    for keyword in keywords:
        if keyword in SILENT or keyword.strip() == "":
            continue
        reason = reason_of(keyword)
        if str(reason.words) not in said:
            said.add(str(reason.words))
            yield reason
