"""Finding audit events: by whom they name, then and now, and by one who acted."""

import re
from collections.abc import Iterable

from django.db.models import Q
from django.http import QueryDict

from printmgmt.audit.models import AuditEvent
from printmgmt.console.shell.parameters import text_of
from printmgmt.organizations.models import Account, Organization
from printmgmt.people.models import PrintGroup, PrintUser
from printmgmt.people.names import name_key

NAMED_AT_MOST = 200
"""People, groups and accounts that a text may stand for; it finds more of them by the names events keep."""


LISTED = 200
"""Administrators that can be picked; every other actor is a link on each of the own events."""

WHOLE_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def naming(organization: Organization, text: str) -> Q:
    """Return the condition that an event has to do with ``text``.

    That is: the name it keeps of its actor or object contains it; a person, group or account of that name
    acted or was acted on, whatever it was called then; or the id of object or request begins with it. What
    was erased from an event is found by the ids only.

    A whole id is looked up; a name is read for through the trail, 100,000 events in about half a second.
    """
    if WHOLE_ID.fullmatch(text):
        return Q(object_id=text) | Q(request_id=text) | Q(actor_id=text)
    objects = [*_people(organization, text), *_groups(organization, text)]
    return (
        Q(details__actor__icontains=text)
        | Q(details__object__icontains=text)
        | Q(actor_id__in=_accounts(organization, text))
        | Q(object_id__in=objects)
        | Q(object_id__startswith=text)
        | Q(request_id__startswith=text)
    )


def actors_of(organization: Organization, query: QueryDict) -> list[tuple[str, str]]:
    """Return the ids and names to choose from: administrators, former ones, and the actor in the URL."""
    rows = organization.administrators.order_by("account__email")
    actors = [(str(pk), email) for pk, email in rows.values_list("account_id", "account__email")[:LISTED]]
    actor_id = text_of(query, "actor_id")
    if actor_id and actor_id not in dict(actors):
        did = AuditEvent.objects.filter(organization=organization, actor_id=actor_id).first()
        if did is not None:
            actors.append((actor_id, (did.details or {}).get("actor") or actor_id))
    return actors


def _people(organization: Organization, text: str) -> list[str]:
    people = PrintUser.objects.of(organization).matching(text)
    return _ids(people.values_list("pk", flat=True)[:NAMED_AT_MOST])


def _groups(organization: Organization, text: str) -> list[str]:
    groups = PrintGroup.objects.filter(organization=organization, display_name_key__contains=name_key(text))
    return _ids(groups.values_list("pk", flat=True)[:NAMED_AT_MOST])


def _accounts(organization: Organization, text: str) -> list[str]:
    accounts = Account.objects.filter(administrations__organization=organization)
    accounts = accounts.filter(Q(email__icontains=text) | Q(name__icontains=text))
    return _ids(accounts.values_list("pk", flat=True)[:NAMED_AT_MOST])


def _ids(found: Iterable[object]) -> list[str]:
    """As events write them: SQLite keeps a UUID otherwise than the text column beside it."""
    return [str(pk) for pk in found]
