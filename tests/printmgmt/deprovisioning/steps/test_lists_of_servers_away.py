"""Names of people who were anonymized while a print server was paused or away leave its lists afterwards."""

from datetime import timedelta

import time_machine

from demo.cupsd import PrivateCups
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.deprovisioning.queue_lists import bring_up_to_date
from printmgmt.deprovisioning.retention.anonymising import anonymise
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import PrintServer, QueueList, RefusedNames
from printmgmt.printing.servers.pausing import pause_server, resume_server
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import ADA
from tests.printmgmt.deprovisioning.steps.lists import denied, read_queues, round_of
from tests.printmgmt.printing import equipment

BY = factories.TESTER
MINUTES = timedelta(minutes=1)


def _left(ada: PrintUser) -> DeprovisionRun:
    """Her run, a minute after the restore period, with all its steps done."""
    run = factories.leaver(ada.organization, leaving.Trigger.REMOVED, who=ada)
    with time_machine.travel(leaving.grace_until(run) + MINUTES):
        perform_due()
    return run


def test_a_resumed_server_loses_the_names_of_who_was_anonymized_while_it_was_paused(
    server: PrintServer, ada: PrintUser
) -> None:
    after = leaving.grace_until(_left(ada))
    assert denied(server) == {"ada", ADA}
    pause_server(server, by=BY)
    with time_machine.travel(after + 2 * MINUTES):
        anonymise(ada, by=BY)
    with time_machine.travel(after + 4 * MINUTES):
        bring_up_to_date()
    assert sorted(QueueList.objects.get().added) == ["ada", ADA]  # to be able to take them out

    with time_machine.travel(after + 6 * MINUTES):
        resume_server(server, by=BY)
        bring_up_to_date()

    assert denied(server) == set()
    assert not QueueList.objects.exists()
    assert not RefusedNames.objects.exists()


def test_a_server_that_is_back_loses_the_names_of_who_was_anonymized_while_it_was_away(
    own_cups: PrivateCups, contoso: Organization, ada: PrintUser
) -> None:
    own_cups.add_queue("front", stopped=True)
    server = equipment.operated(contoso, own_cups)
    after = leaving.grace_until(_left(ada))
    assert denied(server) == {"ada", ADA}
    own_cups.stop()
    assert round_of(server).problem == "offline"
    with time_machine.travel(after + 2 * MINUTES):
        anonymise(ada, by=BY)
    with time_machine.travel(after + 4 * MINUTES):
        bring_up_to_date()
    assert sorted(QueueList.objects.get().added) == ["ada", ADA]

    own_cups.start()
    with time_machine.travel(after + 6 * MINUTES):
        read_queues(server)
        bring_up_to_date()

    assert denied(server) == set()
    assert not QueueList.objects.exists()
    assert not RefusedNames.objects.exists()
