"""Anonymizes one person: everything in one transaction, so that a killed worker leaves all or nothing."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import AuditEvent
from printmgmt.audit.services import erase_details, record
from printmgmt.deprovisioning.exceptions import OnLegalHold, StillKept
from printmgmt.deprovisioning.models import DUE_STATES, DeprovisionStep
from printmgmt.deprovisioning.retention.observers import erase_elsewhere
from printmgmt.deprovisioning.retention.runs import erase_runs
from printmgmt.deprovisioning.services import within_grace
from printmgmt.mail.outbox import erase_about
from printmgmt.organizations.models import Organization
from printmgmt.people.erasing import Known, erase_people, known_of
from printmgmt.people.models import PersonState, PrintUser
from printmgmt.people.services import lock_person
from printmgmt.printing.jobs.erasing import erase_jobs


@transaction.atomic
def anonymise(person: PrintUser, *, by: Actor, reason: str = "", ticket: str = "") -> bool:
    """Erase everything personal about a removed person, also of rows merged into them. Cannot be undone.

    Jobs, runs, audit events and the directory's events stay as numbers: who, what and from where is gone.
    The console account of the person, if there is one, is not touched: an account is not a person.
    Locks and refreshes ``person``. Returns False if they were anonymized before. Raises OnLegalHold, and
    StillKept for who is not removed, was merged into someone, can still be restored, or whose leaving has
    steps to do.
    """
    lock_person(person)
    if person.state == PersonState.ANONYMISED:
        return False
    _refuse(person)
    now = timezone.now()
    merged = PrintUser.objects.filter(merged_into=person).order_by("pk")
    rows = [person, *merged.select_for_update(no_key=True, of=("self",))]
    known = known_of(rows)
    jobs = erase_jobs(person.organization, known, now)
    runs = erase_runs(known.ids)
    erase_about(known.ids, organization=person.organization_id)
    erase_elsewhere(person.organization, known)
    erase_people(rows, now)
    _erase_audit(person.organization, known, runs)
    record(
        person.organization,
        "person.anonymised",
        by=by,
        object_type="person",
        object_id=person.pk,
        label=str(person),
        reason=reason,
        ticket=ticket,
        jobs=jobs,
        runs=len(runs),
    )
    return True


def why_kept(person: PrintUser) -> str:
    """Return why `anonymise` would refuse to erase a person now, in a sentence; "" if it would not."""
    if person.state == PersonState.ANONYMISED:
        return _("The person was anonymized before.")
    try:
        _refuse(person)
    except (OnLegalHold, StillKept) as error:
        return str(error)
    return ""


def _refuse(person: PrintUser) -> None:
    if person.legal_hold:
        raise OnLegalHold(
            _("%(person)s is on legal hold: their history is kept until the hold is lifted.")
            % {"person": person}
        )
    if person.merged_into is not None:
        raise StillKept(
            _("%(person)s was merged into %(other)s. Continue with them.")
            % {"person": person, "other": person.merged_into}
        )
    if person.removed_at is None:
        raise StillKept(_("%(person)s is not removed. Remove them first.") % {"person": person})
    if within_grace(person):
        raise StillKept(
            _("%(person)s can still be restored. Wait for the restore period.") % {"person": person}
        )
    if DeprovisionStep.objects.filter(run__person=person, state__in=DUE_STATES).exists():
        raise StillKept(_("Steps of the leaving of %(person)s are not done yet.") % {"person": person})


def _erase_audit(organization: Organization, known: Known, runs: Collection[str]) -> None:
    """Erase the personal part of events about the person; the chain of seals stays valid (`audit.chain`)."""
    events = AuditEvent.objects.filter(organization=organization)
    about = Q(object_type="person", object_id__in=[str(pk) for pk in known.ids])
    about |= Q(object_type="run", object_id__in=runs)
    about |= Q(object_type="device", object_id__in=[str(pk) for pk in known.devices])
    # A merge is recorded about both, each with the name of the other; both are among these rows.
    erase_details(events.filter(about))
