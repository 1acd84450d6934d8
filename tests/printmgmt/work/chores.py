"""Work of the tests: a chore that calls what a test gives it, in a table of its own.

The app `work` has no migrations, so the table is made with the test database.
"""

from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from printmgmt.work.claims import Claim
from printmgmt.work.kinds import Work
from printmgmt.work.models import WorkRow


class Chore(WorkRow):
    """``done``: how often its outcome was recorded."""

    customer = models.CharField(max_length=20, default="contoso")
    name = models.CharField(max_length=20)
    is_open = models.BooleanField(default=True)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "work"

    def __str__(self) -> str:
        return self.name


class Chores(Work[Chore]):
    name = "chores"
    model = Chore
    open: ClassVar[Q] = Q(is_open=True)
    turns_by = "customer"

    def __init__(self, act: Callable[[Claim[Chore]], object] = lambda claim: None) -> None:
        self.act = act

    def perform(self, claim: Claim[Chore]) -> None:
        self.act(claim)
        self.finish(claim, is_open=False, done=F("done") + 1)

    def give_up(self, claim: Claim[Chore], error: str) -> None:
        self.finish(claim, is_open=False, error=error)
