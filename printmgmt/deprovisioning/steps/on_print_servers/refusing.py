"""Which names the queues of a print server have to refuse: derived from the steps, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F, Q

from printmgmt.deprovisioning.models import DeprovisionStep, StepState
from printmgmt.people.models import PersonState, PrintAlias, PrintUser
from printmgmt.printing.jobs.names import CUT, alike
from printmgmt.printing.models import PrintServer
from printmgmt.printing.queue_access.forms import forms_of, may_be_listed
from printmgmt.printing.queue_access.lists import Names

CLOSE_QUEUES: Final = "close-queues"

_WANTED: Final = (StepState.PENDING, StepState.DONE, StepState.ATTENTION)


@dataclass(frozen=True)
class Refused:
    """Names to refuse. ``shared`` are left out because someone else who may print has them, too, ``unsafe``
    because in a list they would not mean one person.
    """

    names: Names
    shared: Names
    unsafe: Names

    @property
    def is_complete(self) -> bool:
        """Whether every name of the person can be refused."""
        return not self.shared and not self.unsafe


def refused_at(server: PrintServer) -> Refused:
    """Return the names of all leavers to whom the queues of a server are to be closed. Three statements.

    Leavers of every organization that has the server: it has one list a queue. Who came back, was merged or
    anonymized is no longer among them, whatever became of their steps.
    """
    servers = servers_at(server)
    return _judge(_leavers(list(servers)), servers.values(), operator=server.user_name)


def refused_for(server: PrintServer, person: PrintUser) -> Refused:
    """Return the same for one person's names only."""
    return refused_among(person, servers_at(server).values(), operator=server.user_name)


def refused_among(person: PrintUser, organizations: Iterable[UUID], *, operator: str) -> Refused:
    """Return the same where people of these organizations print, also of someone who has not left yet. Two
    statements.
    """
    return _judge([person.pk], organizations, operator=operator, but=person)


def servers_at(server: PrintServer) -> dict[UUID, UUID]:
    """Return the organizations of a server by the ids of its rows: one in each organization that has it."""
    same = Q(pk=server.pk)
    if server.address_key:
        same |= Q(address_key=server.address_key, removed_at=None)
    return dict(PrintServer.objects.filter(same).values_list("pk", "organization_id"))


def _leavers(servers: Iterable[UUID]) -> list[UUID]:
    steps = DeprovisionStep.objects.filter(
        name=CLOSE_QUEUES,
        target_id__in=[str(pk) for pk in servers],
        state__in=_WANTED,
        run__epoch=F("run__person__epoch"),
    )
    gone = steps.exclude(run__person__state__in=(PersonState.ACTIVE, PersonState.ANONYMISED))
    return list(gone.values_list("run__person", flat=True).distinct())


def _judge(
    people: list[UUID], organizations: Iterable[UUID], *, operator: str, but: PrintUser | None = None
) -> Refused:
    aliases = PrintAlias.objects.filter(person__in=people)
    found = list(aliases.order_by("pk").values_list("value", "value_key", "local_key"))
    forms = forms_of(value for value, _key, _local in found)
    others = PrintAlias.objects.filter(organization__in=set(organizations), person__state=PersonState.ACTIVE)
    if but is not None:
        others = others.exclude(person=but)
    cut = [key for value, key, _local in found if len(value.encode()) >= CUT]
    others = alike(others, {local for _value, _key, local in found}, cut=cut)
    taken = forms_of(others.values_list("value", flat=True)) if found else {}
    unsafe = {key: form for key, form in forms.items() if not may_be_listed(form, operator=operator)}
    shared = {key: form for key, form in forms.items() if key in taken and key not in unsafe}
    names = {key: form for key, form in forms.items() if key not in taken and key not in unsafe}
    return Refused(names, shared, unsafe)
