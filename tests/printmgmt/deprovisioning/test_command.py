"""`manage.py leavers`, `approve_run` and `receipt`."""

import io
import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import StepState, Trigger
from printmgmt.deprovisioning.receipts.making import make_receipt
from printmgmt.organizations.models import Organization
from tests import factories
from tests.due import perform_due


def test_leavers_are_listed_newest_first_and_only_this_organizations(contoso: Organization) -> None:
    first = factories.leaver(contoso)
    second = factories.leaver(contoso, Trigger.REMOVED)
    factories.leaver(factories.organization("Fabrikam"))
    out = io.StringIO()

    call_command("leavers", "--organization", "contoso", stdout=out)

    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["run"] for line in lines] == [str(second.pk), str(first.pk)]
    assert lines[0] == {
        "run": str(second.pk),
        "person": str(second.person_id),
        "user_name": second.person.user_name,
        "trigger": "removed",
        "state": second.state,
        "cut_at": second.cut_at.isoformat(),
        "next_due_at": second.next_due_at.isoformat() if second.next_due_at else None,
    }


def test_unknown_organization_gets_an_error(db: None) -> None:
    with pytest.raises(CommandError, match="no organization"):
        call_command("leavers", "--organization", "nowhere")


def test_approved_run_is_performed_now_and_its_receipt_verifies(
    contoso: Organization, tmp_path: Path
) -> None:
    run = factories.leaver(contoso, Trigger.REMOVED)
    perform_due()
    make_receipt(run.pk)
    out = io.StringIO()

    call_command("approve_run", str(run.pk), "--reason", "Left in anger", stdout=out)
    steps = json.loads(out.getvalue())["steps"]
    assert steps > 0
    perform_due()
    make_receipt(run.pk)

    assert run.steps.get(name="wipe-credentials").state == StepState.DONE
    event = AuditEvent.objects.get(verb="run.approved")
    assert (event.actor_kind, event.reason) == ("system", "Left in anger")
    file = tmp_path / "receipt.json"
    with file.open("w", encoding="utf-8") as text:
        call_command("receipt", str(run.pk), stdout=text)
    assert [each["body"]["version"] for each in json.loads(file.read_text())] == [1, 2]
    out = io.StringIO()
    call_command("verify_receipt", str(file), stdout=out)
    assert json.loads(out.getvalue().splitlines()[0])["valid"]


def test_a_run_that_cannot_be_approved_or_has_no_receipt_gets_an_error(contoso: Organization) -> None:
    run = factories.leaver(contoso)
    with pytest.raises(CommandError, match="no receipt yet"):
        call_command("receipt", str(run.pk))
    leaving.reactivate(run.person, by=factories.TESTER)
    with pytest.raises(CommandError, match="access has changed since"):
        call_command("approve_run", str(run.pk), "--reason", "x")
    for arguments in (("receipt",), ("approve_run", "--reason", "x")):
        with pytest.raises(CommandError, match="There is no run"):
            call_command(*arguments, str(uuid4()))
