"""`manage.py leavers`."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.models import Organization
from tests import factories


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
