"""The steps of leaving, one file each. Adding one: write the file, list its class in STEPS."""

from printmgmt.deprovisioning.steps.base import Step
from printmgmt.deprovisioning.steps.end_device_connections import EndDeviceConnections
from printmgmt.deprovisioning.steps.tell_administrators import TellAdministrators
from printmgmt.deprovisioning.steps.wipe_credentials import WipeCredentials

# The order is a decision: what protects comes first, what destroys last.
STEPS: tuple[Step, ...] = (
    EndDeviceConnections(),
    TellAdministrators(),
    WipeCredentials(),
)

STEP_BY_NAME: dict[str, Step] = {step.name: step for step in STEPS}
