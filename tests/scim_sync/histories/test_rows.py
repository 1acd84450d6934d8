"""Leave, come back, leave again, with messages late, doubled, out of order: the rows equal the model.

A history compares after each event and whenever all is done: `History.step`, `History.settle`.
"""

import random

import pytest
from django.db import transaction

from printmgmt.organizations.models import Organization
from tests.proofs import rounds
from tests.scim_sync.client import Scim
from tests.scim_sync.histories.playing import History


@pytest.mark.parametrize("number", rounds(25, proof=1000))
def test_rows_after_any_history_are_those_of_the_model(
    number: int, seed: int, contoso: Organization, scim: Scim
) -> None:
    for place in range(number):
        with transaction.atomic():
            dice = random.Random(f"{seed}-{place}")  # noqa: S311 -- repeatable
            play(History(contoso, scim, dice, happened=[f"history {place}"]))
            transaction.set_rollback(True)


def play(history: History) -> None:
    """Two people, and up to fourteen events between them."""
    history.add("ada@contoso.example")
    history.add("ada.b@contoso.example")
    for _event in range(history.dice.randint(4, 14)):
        history.step()
        if history.dice.random() < 0.15:
            history.settle()
    history.settle()
