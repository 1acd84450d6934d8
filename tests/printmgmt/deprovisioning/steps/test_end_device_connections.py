"""End device connections: of the person who left, and of nobody else."""

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import StepState
from printmgmt.organizations.models import Organization
from printmgmt.people.devices import connect_device
from printmgmt.people.models import Device
from tests import factories
from tests.due import perform_due
from tests.printmgmt.equipment import equipped

BY = factories.TESTER


def test_open_device_connections_end(contoso: Organization) -> None:
    ada, bob = equipped(contoso), equipped(contoso)
    assert connect_device(contoso, ada.token)
    assert connect_device(contoso, bob.token)
    run = leaving.suspend(ada.person, by=BY)
    assert run is not None

    perform_due(run_id=run.pk)

    step = run.steps.get(name="end-device-connections")
    assert (step.state, step.evidence) == (StepState.DONE, {"connections_ended": 1})
    assert step.target_label == "Laptop"
    assert list(Device.objects.filter(connected_since__isnull=False)) == [bob.device]
    assert connect_device(contoso, ada.token) is None
