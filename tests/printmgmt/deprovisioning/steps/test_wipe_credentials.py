"""Wipe cards and PINs: after the grace period, not before, and all or nothing."""

from datetime import timedelta

import pytest
import time_machine

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import RunState, StepState
from printmgmt.deprovisioning.steps.base import Step
from printmgmt.deprovisioning.steps.wipe_credentials import WipeCredentials
from printmgmt.organizations.models import Organization
from printmgmt.people.models import Credential
from tests import factories
from tests.due import perform_due
from tests.printmgmt.equipment import equipped

BY = factories.TESTER


def test_credentials_are_wiped_after_the_grace_period_and_not_before(contoso: Organization) -> None:
    ada, bob = equipped(contoso), equipped(contoso)
    run = leaving.remove(ada.person, by=BY)
    with time_machine.travel(leaving.grace_until(run) - timedelta(minutes=1)):
        perform_due()
        assert Credential.objects.filter(person=ada.person).count() == 2
    with time_machine.travel(leaving.grace_until(run)):
        perform_due()

    step = run.steps.get(name="wipe-credentials")
    assert step.state == StepState.DONE
    assert step.evidence == {
        "found": 2,
        "wiped": [{"kind": "card", "last4": ada.card[-4:]}, {"kind": "pin", "last4": ""}],
    }
    assert not Credential.objects.filter(person=ada.person).exists()
    assert Credential.objects.filter(person=bob.person).count() == 2
    run.refresh_from_db()
    assert (run.state, run.next_due_at) == (RunState.FINISHED, None)
    assert run.ended_at is not None


def test_wipe_that_cannot_be_recorded_did_not_happen(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = equipped(contoso)
    run = leaving.remove(ada.person, by=BY)

    def not_proven(self: Step, *args: object) -> bool:
        raise ConnectionError("the database went away")

    with time_machine.travel(leaving.grace_until(run)) as clock:
        with monkeypatch.context() as patch:
            patch.setattr(WipeCredentials, "verify", not_proven)
            perform_due(run_id=run.pk)
        assert Credential.objects.filter(person=ada.person).count() == 2
        assert run.steps.get(name="wipe-credentials").evidence == {}
        clock.shift(timedelta(hours=1))
        perform_due(run_id=run.pk)

    assert run.steps.get(name="wipe-credentials").evidence["found"] == 2
