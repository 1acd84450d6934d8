"""What holds jobs at a queue, in a word."""

from typing import Any

import pytest
from django.utils import timezone

from demo.cupsd import PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import HoldProblem, Printer, PrintServer
from printmgmt.printing.secure_release.holding import Holding, what_holds
from tests.printmgmt.printing.secure_release.conftest import printer_of, read_now

SECURE = {"secure_since": timezone.now()}


@pytest.mark.parametrize(
    ("columns", "holding"),
    [
        ({}, Holding.NOTHING),
        ({"hold_default": "no-hold"}, Holding.NOTHING),
        ({"hold_default": "indefinite"}, Holding.DEFAULT),
        ({"hold_default": "night"}, Holding.DEFAULT),
        ({"state_reasons": ["hold-new-jobs"], "hold_default": "indefinite"}, Holding.NEW_JOBS),
        ({**SECURE, "state_reasons": ["paused"], "hold_default": "indefinite"}, Holding.SECURE),
        ({**SECURE, "hold_problem": HoldProblem.BYPASS}, Holding.PROBLEM),
    ],
)
def test_it_is_told_from_the_row(columns: dict[str, Any], holding: Holding) -> None:
    assert what_holds(Printer(**columns)) == holding


def test_it_is_what_a_round_read(cups: PrivateCups, contoso: Organization, server: PrintServer) -> None:
    cups.add_queue("held", attributes=["keyword job-hold-until-default indefinite"])
    cups.add_queue("new")
    cups.operate("Hold-New-Jobs", queue="new")
    read_now(server)

    found = {name: what_holds(printer_of(server, name)) for name in ("held", "new", "hall")}

    assert found == {"held": Holding.DEFAULT, "new": Holding.NEW_JOBS, "hall": Holding.NOTHING}
