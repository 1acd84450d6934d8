"""What the owner of a held job can do on a real cupsd: under the stock policy and with the block."""

import time
from datetime import timedelta
from typing import Final

import pytest
from django.utils import timezone

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.deprovisioning.models import DeprovisionRun, RunState
from printmgmt.deprovisioning.receipts.body import NAMES_ARE_CLAIMED
from printmgmt.deprovisioning.receipts.making import make_receipt
from printmgmt.deprovisioning.steps import step_words
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import PrintJob, PrintServer
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.servers.adding import order_round
from printmgmt.printing.servers.findings.holds import BLOCK
from printmgmt.printing.servers.probe.probing import probe_server
from printmgmt.work.runner import perform_due as perform
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import ADA, shown, step_of
from tests.printmgmt.printing import equipment

BY = factories.TESTER
CLAIMED = "This server believes the name a client states: jobs sent under another name are not found."

JOB: Final = "GROUP job-attributes-tag"
WAYS: Final = {
    "Release-Job": (),
    "Set-Job-Attributes": (JOB, "keyword job-hold-until no-hold"),
    "Hold-Job": ("name job-hold-until {soon}",),
    "CUPS-Authenticate-Job": (JOB, 'text auth-info "ada","x"'),
    "CUPS-Move-Job": (JOB, "uri job-printer-uri ipp://{host}/printers/back"),
    "Restart-Job": (),
}


@pytest.fixture
def tested(own_cups: PrivateCups, contoso: Organization) -> PrintServer:
    """A server under the stock policy with two queues, which was tested."""
    server = equipment.operated(contoso, own_cups)
    for name in ("front", "back"):
        own_cups.add_queue(name, device=STUCK_DEVICE, stopped=True)
        equipment.printer(server, name)
    probe_server(server, by=BY)
    order_round(server)
    return server


def leave(own_cups: PrivateCups, contoso: Organization, ada: PrintUser) -> tuple[DeprovisionRun, int]:
    job = own_cups.submit("front", ADA)
    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)
    run.refresh_from_db()
    return run, job


def try_it(cups: PrivateCups, way: str, job: int) -> bool:
    """Try one of the ways as the leaver; return whether the server did it."""
    if way == "Restart-Job":
        assert cups.ipptool("Cancel-Job", job=job, user=ADA).is_ok  # owners may, with the block, too
    soon = time.strftime("%H:%M:%S", time.gmtime(time.time() + 2))
    lines = [line.format(soon=soon, host=cups.host) for line in WAYS[way]]
    return cups.ipptool(way, *lines, job=job, user=ADA).is_ok


@pytest.mark.parametrize("way", WAYS)
def test_with_the_block_the_leaver_is_refused(
    way: str, own_cups: PrivateCups, contoso: Organization, tested: PrintServer, ada: PrintUser
) -> None:
    own_cups.policy(BLOCK)
    probe_server(tested, by=BY)
    run, job = leave(own_cups, contoso, ada)
    assert (run.state, step_of(run).evidence["holds"]) == (RunState.SETTLED, "stay")

    assert not try_it(own_cups, way, job)

    assert shown(own_cups, job)[0] == (7 if way == "Restart-Job" else 4)
    assert own_cups.job(job)["job-hold-until"] == "indefinite" or way == "Restart-Job"
    assert own_cups.job(job)["job-printer-uri"].endswith("/front")


@pytest.mark.parametrize("way", WAYS)
def test_under_the_stock_policy_the_leaver_undoes_the_hold_and_the_next_round_renews_it(
    way: str, own_cups: PrivateCups, contoso: Organization, tested: PrintServer, ada: PrintUser
) -> None:
    run, job = leave(own_cups, contoso, ada)
    assert run.state == RunState.ATTENTION

    assert try_it(own_cups, way, job)
    assert shown(own_cups, job) != (4, "indefinite") or own_cups.job(job)["job-printer-uri"].endswith("/back")

    PrintJob.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
    order_round(tested)
    perform(Rounds())
    assert shown(own_cups, job) == (4, "indefinite")


def test_the_run_names_what_can_be_undone_and_that_names_are_claimed(
    own_cups: PrivateCups, contoso: Organization, tested: PrintServer, ada: PrintUser
) -> None:
    run, _job = leave(own_cups, contoso, ada)

    step = step_of(run)
    words = step_words("hold-jobs", step.evidence)
    assert (
        "Without the operator's password, people can take a held job there and release it, move it to "
        "another queue, change its settings, hold it until a time of their choice, print it again after it "
        "was canceled or start it by authenticating it." in words
    )
    assert CLAIMED in words
    assert "Its page shows the lines that end this." in step.error
    receipt = make_receipt(run.pk)
    assert receipt is not None
    assert NAMES_ARE_CLAIMED in receipt.body["statements"]

    own_cups.policy(BLOCK)
    probe_server(tested, by=BY)
    perform_due()
    words = step_words("hold-jobs", step_of(run).evidence)
    assert "Only an operator with the password can release held jobs there." in words
    assert not any("take a held job" in sentence for sentence in words)
    assert CLAIMED in words


def test_where_every_queue_asks_for_a_password_names_are_not_said_to_be_claimed(
    own_cups: PrivateCups, contoso: Organization, ada: PrintUser
) -> None:
    own_cups.add_queue("front", stopped=True, attributes=["name printer-op-policy authenticated"])
    server = equipment.operated(contoso, own_cups)
    equipment.printer(server, "front", op_policy="authenticated")
    probe_server(server, by=BY)
    run = factories.leaver(contoso, who=ada)
    perform_due(run_id=run.pk)

    assert step_of(run).evidence["names"] == "checked"
    assert "This server asks for a password before it accepts a job." in step_words(
        "hold-jobs", step_of(run).evidence
    )
    receipt = make_receipt(run.pk)
    assert receipt is not None
    assert NAMES_ARE_CLAIMED not in receipt.body["statements"]
