"""Erases what the add-on has about a person whose history was kept long enough."""

from collections.abc import Iterator

from django.db.models import Q

from printmgmt.organizations.models import Organization
from printmgmt.people.erasing import Known
from printmgmt.people.names import name_key
from scim_sync.models import ProvisioningEvent, ProvisioningEventBody, ScimUser
from scim_sync.protocol.errors import shown


def erase_person(organization: Organization, known: Known) -> None:
    """Delete the links of a person, and bodies and values of the events about them; the events stay.

    Events of refused requests point at nobody: those whose subject is a name of the person, or what the
    request called them in its path, count as theirs unless they are a group's. Of those the path goes, too.
    Where other people's links name the person as manager in another way than by id, that is cleared.
    """
    links = ScimUser.objects.filter(person__in=known.ids)
    external = {text for text in links.values_list("external_id", flat=True) if text}
    events = ProvisioningEvent.objects.filter(installation__organization=organization)
    called = {name_key(text) for text in _called(known, external)}
    nobodys = Q(person__isnull=True, group__isnull=True, subject_key__in=called)
    about = list(events.filter(Q(person__in=known.ids) | nobodys).values_list("pk", flat=True))
    ProvisioningEventBody.objects.filter(event__in=about).delete()
    theirs = ProvisioningEvent.objects.filter(pk__in=about)
    theirs.filter(person__isnull=True).exclude(method="POST").update(path="")
    theirs.update(subject="", subject_key="", changes=[], ignored=[], detail="")
    links.delete()
    reports = ScimUser.objects.filter(installation__organization=organization)
    reports.filter(manager__in=known.values | external).update(manager="")


def _called(known: Known, external: set[str]) -> Iterator[str]:
    """Yield what the subject of an event may be: a name, or what stood for an id in the path."""
    for text in {*known.texts, *known.values, *external}:
        yield text
        yield shown(text)
    yield from (shown(str(pk)) for pk in known.ids)
