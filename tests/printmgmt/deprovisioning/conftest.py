"""One organization, and a step that exists in the tests only."""

import pytest

from printmgmt.deprovisioning import cut, steps
from printmgmt.organizations.models import Organization
from tests import factories
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def hold_jobs(monkeypatch: pytest.MonkeyPatch) -> HoldJobs:
    """The test's own step, before three known ones: attempts are counted, whatever steps are added later."""
    step = HoldJobs()
    known = ("end-device-connections", "notify-administrators", "wipe-credentials")
    monkeypatch.setattr(cut, "STEPS", (step, *(steps.STEP_BY_NAME[name] for name in known)))
    monkeypatch.setitem(steps.STEP_BY_NAME, step.name, step)
    return step
