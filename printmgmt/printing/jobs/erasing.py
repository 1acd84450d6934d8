"""Erases who printed a job and what; the job, its pages and its printer stay."""

from datetime import datetime

from django.db.models import Q

from printmgmt.organizations.models import Organization
from printmgmt.people.erasing import Known
from printmgmt.people.models import LIVE_STATES, PrintAlias
from printmgmt.people.names import name_key
from printmgmt.printing.jobs.names import CUT, Holding, cut_name, names_cut_to
from printmgmt.printing.models import PrintJob


def erase_jobs(organization: Organization, known: Known, now: datetime) -> int:
    """Erase title and owner of a person's jobs, and of jobs of nobody under a name that was only theirs.

    Returns how many. Names are the whole ones, their parts before ``@``, and both as a server that keeps 32
    bytes has them. A name that someone living has by now is theirs to explain, so such jobs stay. Rounds
    never write title or owner again (`rounds.reconciling`).
    """
    jobs = PrintJob.objects.filter(organization=organization, anonymised_at__isnull=True)
    nobodys = Q(person__isnull=True, owner_key__in=_only_theirs(organization, known))
    return jobs.filter(Q(person__in=known.ids) | nobodys).update(
        title="", owner_text="", owner_key="", anonymised_at=now
    )


def _only_theirs(organization: Organization, known: Known) -> set[str]:
    """Return what servers may call the person, as keys, without what they may call someone living."""
    forms = {form for name in known.spellings for form in _forms(name)}
    living = PrintAlias.objects.filter(organization=organization, person__state__in=LIVE_STATES)
    alike = living.filter(Q(value_key__in=forms) | Q(local_key__in=forms)).exclude(person__in=known.ids)
    theirs = forms.difference(*map(_forms, alike.values_list("value", flat=True)))
    cuts = {cut_name(form) for name in known.spellings for form in _whole(name) if len(form.encode()) > CUT}
    held = names_cut_to(organization, cuts).items() if cuts else ()
    return theirs - {key for key, holdings in held if any(_is_others(holding, known) for holding in holdings)}


def _forms(name: str) -> set[str]:
    """Return the keys under which servers may show a name."""
    whole = _whole(name)
    return {name_key(form) for form in (*whole, *map(cut_name, whole))} - {""}


def _whole(name: str) -> tuple[str, str]:
    return name, name.partition("@")[0]


def _is_others(holding: Holding, known: Known) -> bool:
    return holding.state in LIVE_STATES and holding.person not in known.ids
