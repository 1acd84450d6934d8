"""The operations that we send, and no others.

Three are left out on purpose: Cancel-Jobs (0x38), Cancel-My-Jobs (0x39) and Purge-Jobs (0x12) act on many
jobs at once and, with an attribute that the server does not know or that got lost, on all of them; Purge-Jobs
deletes history, too. Jobs are canceled one by one. CUPS-Delete-Printer (0x4004) is not here either: nothing
in the console deletes a queue.
"""

from enum import IntEnum


class Operation(IntEnum):
    """Codes as assigned in RFC 8011 §5.4.15 (registered with IANA) and, from 0x4000, in the CUPS
    implementation of IPP.
    """

    VALIDATE_JOB = 0x04  # RFC 8011 §4.2.3
    CREATE_JOB = 0x05  # RFC 8011 §4.2.4
    CANCEL_JOB = 0x08  # RFC 8011 §4.3.3; CUPS: purge-job
    GET_JOB_ATTRIBUTES = 0x09  # RFC 8011 §4.3.4
    GET_JOBS = 0x0A  # RFC 8011 §4.2.6; first-job-id: PWG 5100.13
    GET_PRINTER_ATTRIBUTES = 0x0B  # RFC 8011 §4.2.5
    HOLD_JOB = 0x0C  # RFC 8011 §4.3.5
    RELEASE_JOB = 0x0D  # RFC 8011 §4.3.6
    RESTART_JOB = 0x0E  # RFC 8011 §4.3.7
    PAUSE_PRINTER = 0x10  # RFC 8011 §4.2.7
    RESUME_PRINTER = 0x11  # RFC 8011 §4.2.8
    SET_JOB_ATTRIBUTES = 0x14  # RFC 3380 §4.2
    CUPS_GET_PRINTERS = 0x4002  # CUPS
    CUPS_ADD_MODIFY_PRINTER = 0x4003  # CUPS
    CUPS_ADD_MODIFY_CLASS = 0x4006  # CUPS
    CUPS_MOVE_JOB = 0x400D  # CUPS

    @property
    def title(self) -> str:
        """The name as the standards write it: Get-Printer-Attributes, CUPS-Move-Job."""
        return self.name.replace("_", "-").title().replace("Cups-", "CUPS-")


def permitted(code: int) -> Operation:
    """Return the operation with this code. Raises `ValueError` for one that we never send."""
    try:
        return Operation(code)
    except ValueError:
        raise ValueError(f"IPP operation {code:#06x} is never sent") from None
