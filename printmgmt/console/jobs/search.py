"""Searches jobs by owner, name on the server, number and printer: each by an index, among a million rows."""

from typing import Final

from django.db.models import Q, QuerySet

from printmgmt.console.shell.parameters import number_in
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintAlias, PrintUser
from printmgmt.people.names import name_key
from printmgmt.printing.models import Printer

HIGHEST_NUMBER: Final = 2**31 - 1
"""Of a job on a server (RFC 8011 §5.3.2)."""

MOST: Final = 200
"""Ids that a query names one by one. With more of them most jobs fit, and the newest are found at once."""


def jobs_meant(organization: Organization, text: str) -> Q:
    """Return which jobs a text means; two queries, however many there are."""
    key = name_key(text)
    named = PrintAlias.objects.filter(organization=organization, value_key=key).values("person")
    people = PrintUser.objects.of(organization)
    known = people.matching(text) | people.filter(pk__in=named)
    printers = Printer.objects.filter(organization=organization, name__icontains=text)
    found = Q(person__in=_ids(known)) | Q(printer__in=_ids(printers)) | Q(owner_key=key, person__isnull=True)
    number = number_in(text.removeprefix("#"))
    if number is not None and number <= HIGHEST_NUMBER:
        found |= Q(remote_id=number)
    return found


def _ids(rows: QuerySet[Printer] | QuerySet[PrintUser]) -> object:
    """The ids one by one, with which the database knows how many jobs to expect; many as a subquery."""
    ids = list(rows.values_list("pk", flat=True)[: MOST + 1])
    return ids if len(ids) <= MOST else rows.values("pk")
