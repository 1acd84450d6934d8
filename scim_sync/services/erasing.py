"""Erases what the add-on has about a person whose history was kept long enough."""

from django.db.models import Q

from printmgmt.organizations.models import Organization
from printmgmt.people.erasing import Known
from scim_sync.models import ProvisioningEvent, ProvisioningEventBody, ScimUser


def erase_person(organization: Organization, known: Known) -> None:
    """Delete the links of a person, and bodies and values of the events about them; the events stay.

    Events of refused requests point at nobody: those whose subject is a name of the person count as theirs,
    unless it is a group's.
    """
    events = ProvisioningEvent.objects.filter(installation__organization=organization)
    theirs = Q(person__in=known.ids) | Q(person__isnull=True, group__isnull=True, subject_key__in=known.texts)
    about = list(events.filter(theirs).values_list("pk", flat=True))
    ProvisioningEventBody.objects.filter(event__in=about).delete()
    ProvisioningEvent.objects.filter(pk__in=about).update(
        subject="", subject_key="", changes=[], ignored=[], detail=""
    )
    ScimUser.objects.filter(person__in=known.ids).delete()
