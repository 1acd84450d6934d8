"""What people print on: IPP servers, their queues, the jobs seen there, release stations."""

from printmgmt.printing.models.job import IS_OPEN, OPEN, WAITING, JobState, OwnerDoubt, PrintJob
from printmgmt.printing.models.printer import HoldProblem, Printer, PrinterState
from printmgmt.printing.models.queue_list import ListKind, QueueList, RefusedNames, move_lists
from printmgmt.printing.models.rematch import Rematch
from printmgmt.printing.models.server import PrintServer, ServerProblem, ServerRound
from printmgmt.printing.models.station import Station

__all__ = [
    "IS_OPEN",
    "OPEN",
    "WAITING",
    "HoldProblem",
    "JobState",
    "ListKind",
    "OwnerDoubt",
    "PrintJob",
    "PrintServer",
    "Printer",
    "PrinterState",
    "QueueList",
    "RefusedNames",
    "Rematch",
    "ServerProblem",
    "ServerRound",
    "Station",
    "move_lists",
]
