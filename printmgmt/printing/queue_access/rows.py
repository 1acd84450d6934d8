"""What is known of the lists of a server without asking it."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet

from printmgmt.printing.models import ListKind, PrintServer, QueueList, RefusedNames

OUT_OF_DATE = "-"
"""The digest of a queue whose list is to be read and written again."""


class Closed(NamedTuple):
    """A queue whose list the console keeps, as it was last seen."""

    name: str
    kind: str
    has_groups: bool
    is_shared: bool
    op_policy: str


def place_of(server: PrintServer) -> str:
    """Return what names the server in rows that organizations share."""
    return server.address_key or str(server.pk)


def servers_of(place: str) -> Q:
    """Return the condition for the rows of a server, one in each organization, removed ones included."""
    try:
        return Q(address_key=place) | Q(pk=UUID(place))
    except ValueError:
        return Q(address_key=place)


def names_refused(server: PrintServer) -> tuple[frozenset[str], datetime | None]:
    """Return the names, by `fold`, that all queues of a server refuse, and since when they refuse no others.

    None while a sweep is not over, and where nothing is refused. One statement.
    """
    row = RefusedNames.objects.filter(place=place_of(server)).first()
    return (frozenset(row.names), row.swept_at) if row is not None else (frozenset(), None)


def names_in_lists(server: PrintServer) -> frozenset[str]:
    """Return the names, by `fold`, that some queue of a server may refuse on our account. One statement."""
    row = RefusedNames.objects.filter(place=place_of(server)).first()
    return frozenset((*row.names, *row.perhaps)) if row is not None else frozenset()


def is_being_swept(server: PrintServer) -> bool:
    """Whether a sweep has begun and is not over. One statement."""
    return RefusedNames.objects.filter(place=place_of(server), swept_at=None).exists()


def rows_of(server: PrintServer) -> QuerySet[QueueList]:
    """Return the rows of the queues of a server whose lists the console keeps."""
    return QueueList.objects.filter(place=place_of(server))


def closed_at(server: PrintServer) -> list[Closed]:
    """Return the queues of a server whose lists the console keeps, by name. One statement."""
    rows = rows_of(server).exclude(kind=ListKind.ELSEWHERE)
    return [Closed(*row) for row in rows.order_by("queue").values_list("queue", *Closed._fields[1:])]


def closed_count(server: PrintServer) -> tuple[int, datetime | None]:
    """Return how many queues are closed to anyone, and when the list was read that was read longest ago.

    One statement.
    """
    rows = rows_of(server).exclude(kind=ListKind.ELSEWHERE)
    found = rows.aggregate(number=Count("pk"), oldest=Min("read_at"))
    return found["number"], found["oldest"]


def distrust(server: PrintServer) -> None:
    """Have the lists of all queues of a server read and written by the next sweep."""
    with transaction.atomic():
        row = RefusedNames.objects.select_for_update().filter(place=place_of(server)).first()
        if row is not None:
            row.names, row.perhaps = [], sorted({*row.names, *row.perhaps})
            row.save(update_fields=["names", "perhaps"])
    rows_of(server).exclude(digest="").update(digest=OUT_OF_DATE)


def digest_of(names: Iterable[str]) -> str:
    """Return what tells the names to refuse, by `forms.fold`, from others."""
    return sha256("\n".join(sorted(names)).encode()).hexdigest()
