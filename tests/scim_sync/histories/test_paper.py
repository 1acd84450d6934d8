"""The same with paper, on a real cupsd: which jobs are held, by whom, and whom the queues refuse.

A history compares by itself, as in test_rows.
"""

import random
from datetime import timedelta

import pytest
from django.db import transaction

from demo.cupsd import PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.rounds import reconciling
from tests.printmgmt.printing import equipment
from tests.proofs import rounds
from tests.scim_sync.client import Scim
from tests.scim_sync.histories.paper import QUEUE, PaperHistory


@pytest.mark.parametrize("number", rounds(3, proof=50))
def test_paper_after_any_history_is_that_of_the_model(
    number: int,
    seed: int,
    contoso: Organization,
    scim: Scim,
    cups: PrivateCups,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Otherwise a round leaves half a minute to who changed a job.
    monkeypatch.setattr(reconciling, "SETTLED", timedelta(0))
    server = equipment.operated(contoso, cups)
    equipment.printer(server, QUEUE)
    for place in range(number):
        dice = random.Random(f"{seed}-{place}")  # noqa: S311 -- repeatable
        with transaction.atomic():
            begun = [f"history {place}"]
            play(PaperHistory(contoso, scim, dice, happened=begun, cups=cups, server=server), place)
            transaction.set_rollback(True)


def play(history: PaperHistory, place: int) -> None:
    """Two people, and up to thirty events between them."""
    history.begin(f"ada{place}@contoso.example", f"ada{place}.b@contoso.example")
    for _event in range(history.dice.randint(10, 30)):
        history.step()
        if history.dice.random() < 0.1:
            history.settle()
    history.settle()
