"""What can be done to the people selected on a list, and what it would do, in numbers."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from printmgmt.bulk.models import BulkOperation
from printmgmt.console.bulk.actions import BulkAction, Named, register_action
from printmgmt.deprovisioning.in_bulk import BLOCK, RESTORE, SUSPEND
from printmgmt.deprovisioning.models import Trigger
from printmgmt.deprovisioning.policy import shown_policy
from printmgmt.organizations.models import Organization
from printmgmt.organizations.permissions import SUSPEND_PEOPLE
from printmgmt.people.models import Credential, Device, PersonState, PrintUser


def chosen_people(operation: BulkOperation) -> QuerySet[PrintUser]:
    """The people that an operation would change."""
    ids = list(operation.items.values_list("object_id", flat=True))
    return PrintUser.objects.of(operation.organization).filter(pk__in=ids)


def _leaving(operation: BulkOperation) -> Iterator[str]:
    people = chosen_people(operation)
    leavers = people.filter(state=PersonState.ACTIVE)
    number = leavers.count()
    yield ngettext(
        "The access of %(count)d person ends immediately.",
        "The access of %(count)d people ends immediately.",
        number,
    ) % {"count": number}
    if others := operation.total - number:
        yield ngettext(
            "%(count)d other person has no access already.",
            "%(count)d other people have no access already.",
            others,
        ) % {"count": others}
    ids = list(leavers.values_list("pk", flat=True))
    cards = Credential.objects.filter(person__in=ids, revoked_at=None, disabled_at=None).count()
    devices = Device.objects.filter(person__in=ids, revoked_at=None).count()
    yield ngettext(
        "%(count)d card or PIN is turned off.", "%(count)d cards and PINs are turned off.", cards
    ) % {"count": cards}
    yield ngettext(
        "%(count)d device is signed out for good.", "%(count)d devices are signed out for good.", devices
    ) % {"count": devices}
    days = shown_policy(operation.organization).grace_days(Trigger.SUSPENDED)
    yield ngettext(
        "You can undo this for %(days)d day, except for devices.",
        "You can undo this for %(days)d days, except for devices.",
        days,
    ) % {"days": days}


def _suspending(operation: BulkOperation) -> list[str]:
    linked = chosen_people(operation).filter(state=PersonState.ACTIVE).exclude(source="console").count()
    return [*_leaving(operation), *_linked_words(linked)]


def _linked_words(linked: int) -> Iterator[str]:
    if linked:
        yield ngettext(
            "%(count)d is managed by a directory and is blocked. Only this console can remove a block.",
            "%(count)d are managed by a directory and are blocked. Only this console can remove a block.",
            linked,
        ) % {"count": linked}


def _blocking(operation: BulkOperation) -> list[str]:
    return [
        _("The directory cannot override a block. Only this console can remove it."),
        *_leaving(operation),
    ]


def _restoring(operation: BulkOperation) -> list[str]:
    gone = Q(state__in=[PersonState.SUSPENDED, PersonState.REMOVED])
    blocked = Q(blocked_at__isnull=False, removed_at=None)
    number = chosen_people(operation).aggregate(
        back=Count("id", filter=gone & ~blocked), blocked=Count("id", filter=blocked)
    )
    words = [
        ngettext("%(count)d person can print again.", "%(count)d people can print again.", number["back"])
        % {"count": number["back"]},
        _("Cards and PINs turned off when they left work again. Devices must be enrolled again."),
    ]
    if number["blocked"]:
        text = ngettext(
            "%(count)d blocked person stays blocked.",
            "%(count)d blocked people stay blocked.",
            number["blocked"],
        )
        words.append(text % {"count": number["blocked"]})
    return words


def named_people(organization: Organization, ids: Sequence[str]) -> Named:
    """What people are called, and their pages."""
    people = PrintUser.objects.of(organization).filter(pk__in=ids)
    return {
        str(person.pk): (str(person), reverse("console:person", args=[organization.slug, person.pk]))
        for person in people
    }


SUSPEND_ACTION: Final = register_action(
    BulkAction(
        SUSPEND,
        gettext_lazy("Suspend"),
        "user-x",
        gettext_lazy("Suspend people"),
        SUSPEND_PEOPLE,
        _suspending,
        named_people,
        "console:people",
        dangerous=True,
    )
)
BLOCK_ACTION: Final = register_action(
    BulkAction(
        BLOCK,
        gettext_lazy("Block"),
        "ban",
        gettext_lazy("Block people"),
        SUSPEND_PEOPLE,
        _blocking,
        named_people,
        "console:people",
        dangerous=True,
    )
)
RESTORE_ACTION: Final = register_action(
    BulkAction(
        RESTORE,
        gettext_lazy("Restore"),
        "arrow-back-up",
        gettext_lazy("Restore people"),
        SUSPEND_PEOPLE,
        _restoring,
        named_people,
        "console:people",
    )
)
PEOPLE_ACTIONS: Final = (SUSPEND_ACTION, BLOCK_ACTION, RESTORE_ACTION)
