"""Which queues a leaving would close to a person, and under which names; no server is asked."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.deprovisioning.steps.on_print_servers.foreseen import queues_to_close
from printmgmt.deprovisioning.steps.on_print_servers.refusing import Refused, refused_among
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import PrintServer


@dataclass(frozen=True)
class ClosingQueues:
    """Queues that would refuse the same names, by the name of their server."""

    queues: dict[str, list[str]]
    names: Refused


def queues_foreseen(person: PrintUser, policy: LeavingPolicy) -> list[ClosingQueues]:
    """Return the queues that a leaving would close to a person; usually one entry.

    There are more where servers are shared with different organizations, or have different operators: then a
    name may be someone else's on some of them. Two statements, and two for each entry.
    """
    if not policy.close_queues:
        return []
    queues: dict[UUID, list[str]] = defaultdict(list)
    servers: dict[UUID, PrintServer] = {}
    for queue in queues_to_close(person.organization).select_related("server").order_by("name"):
        servers[queue.server_id] = queue.server
        queues[queue.server_id].append(queue.name)
    keys = {server.address_key for server in servers.values()} - {""}
    sharing: dict[str, set[UUID]] = defaultdict(set)
    shared = PrintServer.objects.filter(address_key__in=keys, removed_at=None)
    for key, organization in shared.values_list("address_key", "organization_id"):
        sharing[key].add(organization)
    alike: dict[tuple[frozenset[UUID], str], list[PrintServer]] = defaultdict(list)
    for server in sorted(servers.values(), key=lambda server: server.name):
        organizations = sharing.get(server.address_key, set()) | {server.organization_id}
        alike[frozenset(organizations), server.user_name].append(server)
    return [
        ClosingQueues(
            {server.name: queues[server.pk] for server in places},
            refused_among(person, organizations, operator=operator),
        )
        for (organizations, operator), places in alike.items()
    ]
