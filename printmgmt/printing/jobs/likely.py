"""Whose a job may be that is nobody's: people with a name like that on the job. A hint, never a decision."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db.models import Q

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintAlias, PrintUser
from printmgmt.printing.models import PrintJob

MOST: Final = 3
"""People named for one job."""


def likely_people(organization: Organization, jobs: Sequence[PrintJob]) -> Mapping[int, list[PrintUser]]:
    """Return, by the id of each job, at most `MOST` people who may have sent it. Two statements for all.

    Compared are all names of people who are not removed, whole and without domain (``CONTOSO\\ada``,
    ``ada@contoso.example``), and display names.
    """
    asked = {job.pk: _keys(job.owner_key) for job in jobs if job.person_id is None and job.owner_key}
    keys = set().union(*asked.values())
    if not keys:
        return {}
    names = PrintAlias.objects.filter(organization=organization, person__in=PrintUser.objects.live())
    found: dict[str, dict[object, PrintUser]] = defaultdict(dict)
    for alias in names.filter(Q(value_key__in=keys) | Q(local_key__in=keys)).select_related("person"):
        for key in keys & {alias.value_key, alias.local_key}:
            found[key][alias.person_id] = alias.person
    for person in PrintUser.objects.of(organization).live().filter(display_name_key__in=keys):
        found[person.display_name_key][person.pk] = person
    return {pk: _of(found, theirs) for pk, theirs in asked.items()}


def _keys(owner: str) -> set[str]:
    """The whole name, and the name without what is before a backslash and after an ``@``."""
    local = owner.rpartition("\\")[2].partition("@")[0].strip()
    return {owner, local} - {""}


def _of(found: Mapping[str, Mapping[object, PrintUser]], keys: Iterable[str]) -> list[PrintUser]:
    people = {pk: person for key in keys for pk, person in found.get(key, {}).items()}
    return sorted(people.values(), key=lambda person: (person.display_name_key, str(person.pk)))[:MOST]
