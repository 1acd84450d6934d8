"""`manage.py set_up_secure_release`: a script stops a queue and names its printers without a browser."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from demo.cupsd import PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import Printer
from tests import factories
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(cups: PrivateCups) -> Printer:
    """A queue of Contoso, beside two printers."""
    server = equipment.operated(factories.organization("Contoso"), cups)
    for name in ("front", "back"):
        equipment.printer(server, cups.add_queue(name), state=3)
    return equipment.printer(server, cups.add_queue("follow-me"), state=3)


def answer(of: Organization, *arguments: str) -> Any:
    """The line of JSON that the command prints."""
    out = StringIO()
    call_command("set_up_secure_release", "--organization", of.slug, *arguments, stdout=out)
    (line,) = out.getvalue().splitlines()
    return json.loads(line)


def test_the_queue_is_stopped_and_its_jobs_wait_for_these_printers(queue: Printer, cups: PrivateCups) -> None:
    arguments = ("--queue", "follow-me", "--device", "front", "--device", "back", "--stop-again")
    assert answer(queue.organization, *arguments) == {"queue": "follow-me", "devices": ["front", "back"]}

    queue.refresh_from_db()
    assert queue.secure_since is not None
    assert queue.stops_again
    assert {device.name for device in queue.devices.all()} == {"front", "back"}
    job = cups.submit("follow-me", "alice", hold="no-hold")
    assert cups.job(job)["job-state"] == 3
    event = AuditEvent.objects.get(verb="secure-release.set-up")
    assert event.details is not None
    assert event.details["actor"] == "manage.py set_up_secure_release"


def test_what_is_refused_is_said(queue: Printer) -> None:
    with pytest.raises(CommandError, match="The queue itself is stopped and prints nothing"):
        answer(queue.organization, "--queue", "follow-me", "--device", "follow-me")
    with pytest.raises(CommandError, match="There are: back, follow-me, front"):
        answer(queue.organization, "--queue", "follow-me", "--device", "roof")
