"""One person: fields with their source, what opens printers, names, runs, and what happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.views.generic import DetailView

from printmgmt.console.jobs.entries import open_jobs
from printmgmt.console.jobs.late import count_late
from printmgmt.console.people.access_words import warned
from printmgmt.console.people.actions import (
    Holdings,
    PersonAction,
    is_editable,
    is_erasable,
    is_mergeable,
    person_actions,
)
from printmgmt.console.people.marks import hold_of, mark_of
from printmgmt.console.people.preview_words import foreseen_words
from printmgmt.console.shell.extensions import extensions
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.timeline import timeline
from printmgmt.deprovisioning.models import DeprovisionRun, LeavingPolicy
from printmgmt.deprovisioning.policy import shown_policy
from printmgmt.deprovisioning.retention.coming import coming_to
from printmgmt.deprovisioning.services import within_grace
from printmgmt.organizations.permissions import (
    CHANGE_GROUPS,
    CONTROL_JOBS,
    DECIDE_REVIEWS,
    EDIT_PEOPLE,
    ERASE_HISTORY,
    GIVE_CREDENTIALS,
    HOLD_HISTORY,
    LOOK,
    OVERSEE,
    REMOVE_PEOPLE,
    SUSPEND_PEOPLE,
)
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.members import groups_of_person
from printmgmt.people.models import (
    CONSOLE,
    Credential,
    CredentialKind,
    Device,
    PrintUser,
    ReviewItem,
    ReviewKind,
    ReviewState,
)
from printmgmt.printing.models import PrintJob

NEWEST = 15
"""Entries of the timeline on the page itself."""


JOBS = 10
"""Jobs of a person that are shown."""


GROUPS = 10
"""Groups of a person that are named."""


@dataclass(frozen=True)
class PersonField:
    """One attribute of a person as the page shows it; ``owned`` by the person's source, so locked here."""

    label: Text
    value: str
    owned: bool


@dataclass(frozen=True)
class Rehire:
    """The question whether a person is one of those who left with the same name."""

    item: ReviewItem
    left: list[PrintUser]


@page("people/<uuid:person>/", "console:person")
class PersonView(OrganizationMixin, DetailView[PrintUser]):
    """Everyone may look; operators also see the buttons."""

    template_name = "console/people/person.html"
    context_object_name = "person"
    pk_url_kwarg = "person"
    roles = LOOK

    def get_queryset(self) -> QuerySet[PrintUser]:
        people = PrintUser.objects.of(self.organization).select_related("organization", "merged_into")
        return extensions.with_person_texts(people)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.object
        fields = list(_fields(person))
        credentials = list(
            person.credentials.filter(revoked_at__isnull=True).order_by("kind", "-created_at", "-id")
        )
        devices = list(person.devices.order_by("-enrolled_at", "id"))
        groups = list(groups_of_person(person)[: GROUPS + 1])
        role = self.administrator.role
        policy = shown_policy(self.organization)
        jobs, more_jobs = open_jobs(person, JOBS)
        return super().get_context_data(
            **kwargs,
            mark=mark_of(person),
            late=count_late(PrintJob.objects.filter(person__in=person.row_ids)) if person.is_gone else None,
            fields=fields,
            any_owned=any(field.owned for field in fields),
            aliases=person.aliases.order_by("-valid_from", "-id"),
            credentials=credentials,
            devices=devices,
            groups=groups[:GROUPS],
            more_groups=len(groups) > GROUPS,
            jobs=jobs,
            more_jobs=more_jobs,
            controls=role in CONTROL_JOBS,
            runs=DeprovisionRun.objects.filter(person__in=person.row_ids).order_by("-cut_at", "-id"),
            panels=extensions.person_panels(person),
            timeline=timeline(person, size=NEWEST),
            rehires=list(_rehires(person)),
            may_revoke=role in GIVE_CREDENTIALS,
            may_decide=role in DECIDE_REVIEWS,
            actions=self._actions(person, credentials, devices, policy) if role in SUSPEND_PEOPLE else [],
            may_edit=role in EDIT_PEOPLE and is_editable(person),
            may_merge=role in REMOVE_PEOPLE and is_mergeable(person),
            may_hold=role in HOLD_HISTORY and person.anonymised_at is None,
            may_erase=role in ERASE_HISTORY and is_erasable(person),
            hold=hold_of(person) if role in OVERSEE else None,
            coming=coming_to(person, policy) if person.is_gone else None,
            may_give=role in GIVE_CREDENTIALS and not person.is_gone,
            may_join=role in CHANGE_GROUPS and person.removed_at is None,
            own_card=any(held.kind == CredentialKind.CARD and held.source == CONSOLE for held in credentials),
            has_pin=any(held.kind == CredentialKind.PIN for held in credentials),
        )

    def _actions(
        self, person: PrintUser, credentials: list[Credential], devices: list[Device], policy: LeavingPolicy
    ) -> list[PersonAction]:
        holds = Holdings(
            credentials=sum(held.disabled_at is None for held in credentials),
            devices=sum(device.revoked_at is None for device in devices),
            foreseen=""
            if person.removed_at
            else foreseen_words(person, by=self.administrator, policy=policy),
        )
        restorable = person.removed_at is not None and within_grace(person)
        actions = person_actions(person, holds=holds, policy=policy, restorable=restorable)
        permitted = [action for action in actions if self.administrator.role in action.permission]
        return list(warned(permitted, person, by=self.administrator))


def _fields(person: PrintUser) -> Iterator[PersonField]:
    owned = extensions.owned_fields(person)
    for attribute in ATTRIBUTES:
        if attribute.on_page:
            yield PersonField(attribute.label, attribute.value_of(person), attribute.name in owned)
    for text in extensions.person_texts():
        yield PersonField(text.label, text.read(person), person.source != CONSOLE)


def _rehires(person: PrintUser) -> Iterator[Rehire]:
    """Open questions about a re-hire; who is anonymized or someone else's past by now is none of them."""
    items = list(person.review_items.filter(kind=ReviewKind.REHIRE, state=ReviewState.OPEN))
    if not items:
        return
    named = {text for item in items for text in item.details.get("tombstones", [])}
    left = PrintUser.objects.of(person.organization).unmerged().filter(pk__in=named, removed_at__isnull=False)
    by_id = {str(found.pk): found for found in left.order_by("-removed_at")}
    for item in items:
        names = set(item.details.get("tombstones", []))
        yield Rehire(item, [found for pk, found in by_id.items() if pk in names])
