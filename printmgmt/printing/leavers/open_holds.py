"""Whether held jobs stay held: what the test of their server found about the queues they wait in."""

from collections.abc import Iterable
from enum import StrEnum

from printmgmt.printing.models import Printer, PrintServer
from printmgmt.printing.servers.probe.found import Found, Who


class Holds(StrEnum):
    """What a hold is worth."""

    STAY = "stay"
    OPEN = "open"
    """Someone else than an operator with the password can undo it."""
    UNKNOWN = "unknown"
    """The server was never tested, or not in everything."""


def worth_of_holds(server: PrintServer, printers: Iterable[str]) -> Holds:
    """Return what a hold is worth on the weakest of these queues."""
    found = Found.of(server.probe)
    if found is None:
        return Holds.UNKNOWN
    named = Printer.objects.filter(server=server, name__in=set(printers)).values_list("op_policy", flat=True)
    policies = [found.policy(name or found.default_policy) for name in set(named) or {""}]
    if any(policy is not None and policy.open_to(*Who) for policy in policies):
        return Holds.OPEN
    stays = all(policy is not None and policy.holds_stay for policy in policies)
    return Holds.STAY if stays else Holds.UNKNOWN
