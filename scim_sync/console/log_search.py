"""Searching the provisioning log."""

from django.db.models import Q

from printmgmt.console.shell.ids import ids_in
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.people.names import name_key

PEOPLE = 200
"""People that a search matches at most; a longer list needs a more exact text."""


def naming(organization: Organization, text: str) -> Q:
    """Events of a person's name or id, of the name of someone unknown here, or of a request's id.

    For a filter of ``NewestFirst``.
    """
    people = PrintUser.objects.of(organization).matching(text).values_list("pk", flat=True)
    found = Q(person__in=[*people[:PEOPLE], *ids_in([text])])
    found |= Q(person__isnull=True, subject_key__contains=name_key(text))
    return found | Q(newest_request_id=text)
