"""Runs that need attention because others can release the jobs they hold, until a test finds otherwise."""

from printmgmt.audit.actors import system
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, StepState
from printmgmt.deprovisioning.retrying import retry_steps
from printmgmt.deprovisioning.steps.hold_jobs import HoldJobs
from printmgmt.deprovisioning.steps.on_print_servers.moving import places_of
from printmgmt.printing.leavers.open_holds import Holds, worth_of_holds
from printmgmt.printing.models import PrintServer

BY = system("print server test")


def retry_open_holds(server: PrintServer) -> int:
    """Retry the runs of which all jobs on a server stay held by what its last test found; return how many."""
    steps = DeprovisionStep.objects.filter(
        organization=server.organization_id,
        name=HoldJobs.name,
        target_id=str(server.pk),
        state=StepState.ATTENTION,
        evidence__holds=Holds.OPEN,
    )
    mended = [
        step.run_id
        for step in steps
        if worth_of_holds(server, *places_of(step.evidence["held"])) != Holds.OPEN
    ]
    runs = DeprovisionRun.objects.select_related("person", "organization").filter(pk__in=mended)
    return sum(retry_steps(run, by=BY) > 0 for run in runs.order_by("cut_at"))
