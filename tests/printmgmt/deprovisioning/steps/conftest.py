"""Ada, and a print server on which her jobs wait."""

import time
from typing import Any, Final

import pytest

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.models import PrintServer
from tests import factories
from tests.printmgmt.printing import equipment

ADA: Final = "ada@contoso.example"

TONIGHT: Final = "second-shift" if time.localtime().tm_hour < 16 else "third-shift"
"""A job-hold-until that lets a job print by itself, and not now: CUPS releases "night" at night at once."""


@pytest.fixture
def server(contoso: Organization, cups: PrivateCups) -> PrintServer:
    """A server with one queue, whose device never finishes a job: it is stopped, so that jobs wait."""
    cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    server = equipment.operated(contoso, cups)
    equipment.printer(server, "front")
    return server


@pytest.fixture
def open_queues(server: PrintServer) -> None:
    """Queues stay open to leavers, so that jobs come in after the cut, too."""
    change_policy(server.organization, {"close_queues": False}, by=factories.TESTER)


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, ADA)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queues whose lists are written from now on."""
    written: list[str] = []
    modify = Client._modify

    def counting(self: Client, queue: Any, *attributes: Any) -> Any:
        written.append(queue.name)
        return modify(self, queue, *attributes)

    monkeypatch.setattr(Client, "_modify", counting)
    return written


def step_of(run: DeprovisionRun, name: str = "hold-jobs") -> DeprovisionStep:
    return run.steps.get(name=name)


def shown(cups: PrivateCups, number: int) -> tuple[Any, Any]:
    group = cups.job(number)
    return group["job-state"], group["job-hold-until"]


class Killed(BaseException):
    """The worker dies here."""


def audited(verb: str) -> list[int]:
    """The numbers of the jobs of which this was recorded, in order."""
    events = AuditEvent.objects.filter(verb=verb).order_by("pk")
    return [(event.details or {})["job"] for event in events]
