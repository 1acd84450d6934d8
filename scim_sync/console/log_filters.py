"""Search and filters of the provisioning log, as the URL holds them."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from printmgmt.console.shell.filters import Filter, choose, choose_day
from printmgmt.console.shell.parameters import midnight, text_of
from printmgmt.people.models import PrintUser
from printmgmt.people.names import name_key
from scim_sync.models import Action, ProvisioningEvent, Result
from scim_sync.provisioning_log.reasons import Reason

PEOPLE = 200
"""People a search text may mean; whoever finds more has to say it more exactly."""

CODES = (200, 201, 204, 400, 401, 403, 404, 409, 412, 413, 415, 500)


class LogFilters:
    """What the URL asks for of one installation's log. ``query`` is ``request.GET``."""

    def __init__(self, installation: Installation, query: QueryDict) -> None:
        self.installation = installation
        self.query = query
        self.search = text_of(query, "q")
        tokens = installation.tokens.order_by("-created_at").values_list("pk", "label", "prefix")
        self.action = choose("action", _("Action"), _("Every action"), Action.choices, query)
        self.result = choose("result", _("Result"), _("Every result"), Result.choices, query)
        self.reason = choose("reason", _("Reason"), _("All reasons"), Reason.choices, query)
        codes = [(str(code), str(code)) for code in CODES]
        self.code = choose("code", _("Code"), _("Every code"), codes, query)
        named = [
            (str(pk), f"{Truncator(label or prefix).chars(30)} ({prefix})") for pk, label, prefix in tokens
        ]
        self.token = choose("token", _("Secret token"), _("Every token"), named, query)
        self.since = choose_day("since", _("From"), query)
        self.until = choose_day("until", _("To"), query)

    @property
    def filters(self) -> list[Filter]:
        return [self.action, self.result, self.reason, self.code, self.token, self.since, self.until]

    @property
    def narrowed(self) -> bool:
        """Whether anything of the log is filtered away."""
        return bool(self.search) or any(chosen.value for chosen in self.filters)

    def events(self) -> QuerySet[ProvisioningEvent]:
        """The events asked for. Sign-ins are apart: listed only for an action, reason or search."""
        events = ProvisioningEvent.objects.filter(installation=self.installation)
        if self.action.value:
            events = events.filter(action=self.action.value)
        elif not (self.search or self.reason.value):
            events = events.exclude(action=Action.SIGN_IN)
        if self.result.value:
            events = events.filter(result=self.result.value)
        if self.reason.value:
            events = events.filter(reasons__includes_any=[self.reason.value])
        if self.code.value:
            events = events.filter(status=int(self.code.value))
        if self.token.value:
            events = events.filter(token=int(self.token.value))
        if self.since.value:
            events = events.filter(last_at__gte=midnight(date.fromisoformat(self.since.value)))
        if self.until.value:
            events = events.filter(last_at__lt=midnight(date.fromisoformat(self.until.value), days=1))
        return events.filter(self._searched()) if self.search else events

    def _searched(self) -> Q:
        """A person's name, the name of somebody unknown here, a person's id, or a request id."""
        people = PrintUser.objects.of(self.installation.organization)
        named = list(people.matching(self.search).values_list("pk", flat=True)[:PEOPLE])
        found = Q(person__in=[*named, *_id(self.search)])
        found |= Q(person__isnull=True, subject_key__contains=name_key(self.search))
        return found | Q(request_id=self.search)


def _id(text: str) -> Iterator[UUID]:
    try:
        yield UUID(text)
    except ValueError:
        return
