"""What is wrong with a secure release queue, by what rounds and tests wrote."""

from collections.abc import Iterable, Iterator

from printmgmt.printing.models import HoldProblem, Printer, PrinterState
from printmgmt.printing.secure_release.bypass import bypass_of


def problems_of(queue: Printer, devices: Iterable[Printer]) -> list[HoldProblem]:
    """Return what is wrong with a queue and its ``devices``, the most urgent first; ``queue.server`` is read.

    A device that rejects jobs is no problem: it takes what an operator moves there.
    """
    return list(_found(queue, list(devices)))


def _found(queue: Printer, devices: list[Printer]) -> Iterator[HoldProblem]:
    if queue.missing_since is not None:
        yield HoldProblem.MISSING
        return
    if queue.is_class:
        yield HoldProblem.CLASS
    elif is_resumed(queue):
        yield HoldProblem.RESUMED
    server = queue.server
    if server.offline_since is not None or server.paused_at is not None or server.problem:
        yield HoldProblem.UNREAD
    present = [device for device in devices if device.missing_since is None and not device.is_class]
    if len(present) < len(devices) or not devices:
        yield HoldProblem.DEVICE_MISSING
    if any(device.state == PrinterState.STOPPED for device in present):
        yield HoldProblem.DEVICE_STOPPED
    bypass = bypass_of(queue)
    if not bypass.tested:
        yield HoldProblem.UNTESTED
    elif bypass.is_open:
        yield HoldProblem.BYPASS


def is_resumed(queue: Printer) -> bool:
    """Whether someone had a secure release queue print by itself again."""
    return queue.secure_since is not None and queue.state != PrinterState.STOPPED
