"""Who can get a job out of a stopped queue without releasing it, by the last test of the server.

Resuming the queue takes an operator's password everywhere. What is left is moving the job to a queue that
prints, and restarting one that was released before. In a stopped queue, releasing a job or changing it
prints nothing.
"""

from typing import Final, NamedTuple

from printmgmt.printing.models import Printer
from printmgmt.printing.servers.probe.found import Found, Right, Who

WAYS: Final = (Right.MOVE, Right.RESTART)


class Bypass(NamedTuple):
    """``tested``: whether it is known. ``movers`` and ``restarters``: who can, besides the operator.

    ``policy`` is the name of the queue's policy in cupsd.conf.
    """

    tested: bool
    policy: str
    movers: frozenset[Who]
    restarters: frozenset[Who]

    @property
    def is_open(self) -> bool:
        return bool(self.movers or self.restarters)


def bypass_of(queue: Printer) -> Bypass:
    """Return who gets around a queue. ``queue.server`` is read."""
    found = Found.of(queue.server.probe)
    if found is None:
        return Bypass(False, queue.op_policy, frozenset(), frozenset())
    name = queue.op_policy or found.default_policy
    policy = found.policy(name)
    if policy is None or Right.MOVE not in policy.rights:
        return Bypass(False, name, frozenset(), frozenset())
    return Bypass(True, name, policy.who_may(Right.MOVE), policy.who_may(Right.RESTART))
