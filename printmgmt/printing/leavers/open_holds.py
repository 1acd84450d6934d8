"""What holds and names are worth: what the test of a server found about the queues that jobs wait in."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import TypeAlias

from printmgmt.printing.models import Printer, PrintServer
from printmgmt.printing.servers.probe.found import Found, PolicyFound, Right, Who

Policies: TypeAlias = list[PolicyFound | None]
"""None stands for a policy that was not tested."""


class Holds(StrEnum):
    """What a hold is worth."""

    STAY = "stay"
    OPEN = "open"
    """Someone else than an operator with the password can undo it."""
    UNKNOWN = "unknown"
    """The server was never tested, or not in everything."""


class Names(StrEnum):
    """What the name on a job is worth."""

    BELIEVED = "believed"
    """Some queue takes the name that a client states."""
    CHECKED = "checked"
    """Every queue asks for a password first."""
    UNKNOWN = "unknown"
    """The server was never tested, or not in everything."""


def worth_of_names(server: PrintServer) -> Names:
    """Return what a name is worth on the weakest queue of a server."""
    found = Found.of(server.probe)
    asks = [policy.needs_login for policy in found.policies] if found else []
    if False in asks:
        return Names.BELIEVED
    return Names.CHECKED if asks and all(asks) else Names.UNKNOWN


def worth_of_holds(server: PrintServer, printers: Collection[str], stopped: Collection[str] = ()) -> Holds:
    """Return what a hold is worth on the weakest of these queues.

    In the ``stopped`` ones a released job prints nothing: the hold is open there if a job can be moved out.
    """
    found = Found.of(server.probe)
    if found is None:
        return Holds.UNKNOWN
    policies, aside = _policies_at(found, server, printers, stopped)
    if _open(policies, aside):
        return Holds.OPEN
    stays = all(policy is not None and policy.holds_stay for policy in policies)
    known = all(policy is not None and Right.MOVE in policy.rights for policy in aside)
    return Holds.STAY if stays and known else Holds.UNKNOWN


def open_rights(server: PrintServer, printers: Collection[str], stopped: Collection[str] = ()) -> list[Right]:
    """Return what others than an operator with the password can do to a job that is held in these queues."""
    found = Found.of(server.probe)
    return [] if found is None else _open(*_policies_at(found, server, printers, stopped))


def _open(policies: Policies, aside: Policies) -> list[Right]:
    opened = {right for policy in policies if policy for right in policy.open_to(*Who)}
    if any(policy.who_may(Right.MOVE) for policy in aside if policy):
        opened.add(Right.MOVE)
    return [right for right in Right if right in opened]


def _policies_at(
    found: Found, server: PrintServer, printers: Collection[str], stopped: Collection[str]
) -> tuple[Policies, Policies]:
    """What was found about the queues that print, and about those that are stopped for leavers' jobs."""
    prints = _policies(found, server, printers) if printers or not stopped else []
    return prints, _policies(found, server, stopped) if stopped else []


def _policies(found: Found, server: PrintServer, printers: Iterable[str]) -> Policies:
    named = Printer.objects.filter(server=server, name__in=set(printers)).values_list("op_policy", flat=True)
    return [found.policy(name or found.default_policy) for name in set(named) or {""}]
