"""What a leaving would change, as rows to be counted: for one person or for all of an organization alike."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from printmgmt.deprovisioning.models import LeavingPolicy, Trigger
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser


class Effect(models.TextChoices):
    """What a leaving does, as a heading over a number."""

    CARDS = "cards", _("Cards turned off")
    PINS = "pins", _("PINs turned off")
    DEVICES = "devices", _("Devices signed out")
    HELD = "held", _("Jobs held")
    CLOSED = "closed", _("Names refused by queues")
    CANCELED = "canceled", _("Jobs canceled and deleted")
    ERASED = "erased", _("Cards and PINs erased")
    SEATS = "seats", _("Seats freed")
    CONSOLE = "console", _("Console access ended")

    @property
    def column(self) -> str:
        """The name of the number in a query of people."""
        return f"{self.value}_number"

    def number(self, person: PrintUser) -> int:
        """The number of a person whom such a query returned."""
        return int(getattr(person, self.column))


@dataclass(frozen=True)
class Plan:
    """A leaving that nobody ordered yet: of whose people, how, and under which policy, perhaps not saved."""

    organization: Organization
    trigger: Trigger
    policy: LeavingPolicy


@dataclass(frozen=True)
class Foreseen:
    """The rows of the organization that a leaving of their person would change, ``days`` after it.

    ``person`` is the path from a row to the person. A row is counted once.
    """

    effect: Effect
    rows: QuerySet[Any]
    person: str = "person"
    days: int = 0

    def of(self, people: QuerySet[PrintUser]) -> int:
        """Return how many rows are of these people. One statement."""
        return self.rows.filter(**{f"{self.person}__in": people.order_by().values("pk")}).count()

    def for_each(self) -> Any:
        """Return the number of rows of each person, as an annotation of a query of people."""
        theirs = self.rows.filter(**{self.person: OuterRef("pk")}).order_by()
        counted = theirs.values(self.person).annotate(number=Count("pk")).values("number")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
