"""How a server compares a user name with the names in a queue's list, read off the lists that it has."""

import re
from collections.abc import Sequence
from typing import Final

from printmgmt.printing.ipp.attributes import Queue
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.servers.probe.found import Compares
from printmgmt.printing.servers.probe.lists import with_lists

DOMAIN: Final = "@printmgmt-probe.invalid"
# Tried: 2.4.2 drops what is behind the @, 2.4.20 (branch 2.4.x from May 2026 on) does not. What is between
# was not tried, and distributions backport.
LAST_LOCAL_PART: Final = (2, 4, 2)
FIRST_WHOLE_NAME: Final = (2, 4, 20)


def compares_names(
    client: Client, queues: Sequence[Queue], *, version: str, strips_domain: bool | None
) -> Compares:
    """Return how names are compared: as seen on a queue that has a list, else as the version is known for.

    A queue whose list shuts a user out is missing from the list of queues that this user is shown.
    """
    for queue in with_lists(client, queues):
        name = next(
            (name for name in queue.denied or queue.allowed if re.fullmatch(r"[a-z0-9]{1,20}", name)), ""
        )
        if name:
            shown = {seen.name for seen in client.as_user(name + DOMAIN).queues()}
            is_local_part = (queue.name in shown) == bool(queue.allowed)
            return Compares.LOCAL_PART if is_local_part else Compares.WHOLE_NAME
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:3])
    if numbers and numbers <= LAST_LOCAL_PART:
        return Compares.LOCAL_PART
    if numbers >= FIRST_WHOLE_NAME:
        return Compares.LOCAL_PART if strips_domain else Compares.WHOLE_NAME
    return Compares.UNKNOWN
