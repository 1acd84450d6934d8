"""Organizations with a print server each, and one round of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

import pytest
from django.db.models import F

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import PrintJob, PrintServer, ServerRound
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.servers.adding import add_server, order_round
from printmgmt.work.runner import perform_due
from tests import factories

Read = Callable[..., PrintServer]


class Adds(Protocol):
    """Adds a CUPS server to an organization, as its operator."""

    def __call__(self, of: Organization, cups: PrivateCups) -> PrintServer: ...


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def added(db: None) -> Adds:
    def add(of: Organization, cups: PrivateCups) -> PrintServer:
        return add_server(
            of,
            address=cups.uri,
            user_name=OPERATOR,
            password=cups.passwords[OPERATOR],
            name="Hall",
            by=factories.TESTER,
        )

    return add


@pytest.fixture
def server(contoso: Organization, cups: PrivateCups, added: Adds) -> PrintServer:
    """Contoso's server, not read yet."""
    return added(contoso, cups)


@pytest.fixture
def read() -> Read:
    """One round of a server, with queues (``whole``) or of jobs only; returns the server as it is then."""

    def read(server: PrintServer, *, whole: bool = True) -> PrintServer:
        order_round(server)
        if not whole:
            ServerRound.objects.filter(server=server).update(queues_due_at=F("due_at") + timedelta(hours=1))
        # As if a minute had passed since.
        PrintJob.objects.filter(server=server).update(seen_at=F("seen_at") - timedelta(minutes=1))
        assert perform_due(Rounds(), str(server.round.pk)) == 1
        return PrintServer.objects.select_related("round", "organization").get(pk=server.pk)

    return read
