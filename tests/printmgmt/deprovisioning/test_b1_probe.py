from printmgmt.deprovisioning import services, chain
from printmgmt.deprovisioning.models import *
from tests.printmgmt.deprovisioning.test_trying_again import *
import pytest
@pytest.fixture(autouse=True)
def old(monkeypatch):
    def unfinished(person):
        undoing = DeprovisionStep.objects.filter(run__person=person, state=StepState.UNDOING)
        return DeprovisionRun.objects.filter(person=person).order_by("-epoch").first() if undoing.exists() else None
    monkeypatch.setattr(services, "unfinished_undo", unfinished)
