"""Whether held jobs stay held: what the test of their server found about the queues they wait in."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from printmgmt.printing.models import Printer, PrintServer
from printmgmt.printing.servers.probe.found import Found, PolicyFound, Right, Who


class Holds(StrEnum):
    """What a hold is worth."""

    STAY = "stay"
    OPEN = "open"
    """Someone else than an operator with the password can undo it."""
    UNKNOWN = "unknown"
    """The server was never tested, or not in everything."""


def worth_of_holds(server: PrintServer, printers: Collection[str], stopped: Collection[str] = ()) -> Holds:
    """Return what a hold is worth on the weakest of these queues.

    In the ``stopped`` ones a released job prints nothing: the hold is open there if a job can be moved out.
    """
    found = Found.of(server.probe)
    if found is None:
        return Holds.UNKNOWN
    policies = _policies(found, server, printers) if printers or not stopped else []
    aside = _policies(found, server, stopped) if stopped else []
    if any(policy is not None and policy.open_to(*Who) for policy in policies) or any(
        policy is not None and policy.who_may(Right.MOVE) for policy in aside
    ):
        return Holds.OPEN
    stays = all(policy is not None and policy.holds_stay for policy in policies)
    known = all(policy is not None and Right.MOVE in policy.rights for policy in aside)
    return Holds.STAY if stays and known else Holds.UNKNOWN


def _policies(found: Found, server: PrintServer, printers: Iterable[str]) -> list[PolicyFound | None]:
    named = Printer.objects.filter(server=server, name__in=set(printers)).values_list("op_policy", flat=True)
    return [found.policy(name or found.default_policy) for name in set(named) or {""}]
