"""Secure release queues that need a person now, for the dashboard."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Case, IntegerField, When
from django.urls import reverse
from django.utils.translation import gettext as _

from printmgmt.console.secure_release.words import URGENT, problem_words
from printmgmt.console.shell.extensions import Attention
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import HoldProblem, Printer

SHOWN: Final = 5
"""Queues that are named; the next ones are, once these are mended."""

NEEDS: Final = (*URGENT, HoldProblem.DEVICE_MISSING, HoldProblem.DEVICE_STOPPED)
"""Problems that came up and must be mended; an outage is told of its server, an open policy on pages."""


def release_queues_in_need(organization: Organization) -> Iterator[Attention]:
    """Yield a line for each queue that does not hold or cannot be released from; one query."""
    urgency = Case(
        *(When(hold_problem=problem, then=rank) for rank, problem in enumerate(NEEDS)),
        output_field=IntegerField(),
    )
    queues = Printer.objects.filter(
        organization=organization,
        secure_since__isnull=False,
        hold_problem__in=NEEDS,
        server__removed_at__isnull=True,
    )
    for queue in queues.order_by(urgency, "name", "pk")[:SHOWN]:
        words = problem_words(HoldProblem(queue.hold_problem))
        text = _("%(queue)s: %(problem)s") % {"queue": queue.name, "problem": words.title}
        where = {"organization": organization.slug, "printer": queue.pk}
        url = reverse("console:secure_release", kwargs=where)
        yield Attention(text, url, words.advice, urgent=words.urgent)
