"""What can be done to the people selected on a list, and what it would do, in numbers."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from printmgmt.bulk.models import BulkOperation
from printmgmt.console.bulk.actions import BulkAction, Explained, Named, register_action
from printmgmt.deprovisioning.in_bulk import BLOCK, RESTORE, SUSPEND, UNBLOCK
from printmgmt.deprovisioning.models import Trigger
from printmgmt.deprovisioning.preview import preview_leaving
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.permissions import SUSPEND_PEOPLE
from printmgmt.people.models import CONSOLE, PersonState, PrintUser

MENTIONED: Final = 5
"""Names in a sentence about people for whom something is different."""


def chosen_people(operation: BulkOperation) -> QuerySet[PrintUser]:
    """The people that an operation would change. Their ids are one statement."""
    ids = list(operation.items.values_list("object_id", flat=True))
    return PrintUser.objects.of(operation.organization).filter(pk__in=ids)


def _suspending(operation: BulkOperation, by: Administrator) -> Explained:
    people = chosen_people(operation)
    return _leaving(operation, people, by, different=[*_linked(people)])


def _blocking(operation: BulkOperation, by: Administrator) -> Explained:
    only_here = _("The directory cannot override a block. Only this console can remove it.")
    return _leaving(operation, chosen_people(operation), by, different=[only_here])


def _leaving(
    operation: BulkOperation, people: QuerySet[PrintUser], by: Administrator, *, different: Sequence[str]
) -> Explained:
    """How many people leave, for whom it is different, and what it does to all of them together."""
    preview = preview_leaving(people, Trigger.SUSPENDED, by=by)
    number = preview.number
    leave = ngettext(
        "The access of %(count)d person ends immediately.",
        "The access of %(count)d people ends immediately.",
        number,
    ) % {"count": number}
    days = preview.plan.policy.grace_days(Trigger.SUSPENDED)
    undo = ngettext(
        "You can undo this for %(days)d day, except for devices.",
        "You can undo this for %(days)d days, except for devices.",
        days,
    ) % {"days": days}
    without = [*_without_access(people, operation.total - number)]
    return Explained([leave, *without, *different, undo], preview if number else None)


def _without_access(people: QuerySet[PrintUser], number: int) -> Iterator[str]:
    if number:
        text = ngettext(
            "%(count)d other person has no access already: %(people)s.",
            "%(count)d other people have no access already: %(people)s.",
            number,
        )
        gone = people.exclude(state=PersonState.ACTIVE)
        yield text % {"count": number, "people": _mentioned(gone, number)}


def _linked(people: QuerySet[PrintUser]) -> Iterator[str]:
    linked = people.filter(state=PersonState.ACTIVE).exclude(source=CONSOLE)
    if number := linked.count():
        yield ngettext(
            "%(count)d is managed by a directory and is blocked. Only this console can remove a block.",
            "%(count)d are managed by a directory and are blocked. Only this console can remove a block.",
            number,
        ) % {"count": number}


def _print_again(number: int) -> str:
    return ngettext("%(count)d person can print again.", "%(count)d people can print again.", number) % {
        "count": number
    }


def _mentioned(people: QuerySet[PrintUser], number: int) -> str:
    """The first of so many names, and how many more there are."""
    names = ", ".join(str(person) for person in people.order_by("display_name_key", "id")[:MENTIONED])
    if (more := number - MENTIONED) <= 0:
        return names
    text = ngettext("%(people)s and %(count)d more", "%(people)s and %(count)d more", more)
    return text % {"people": names, "count": more}


def _unblocking(operation: BulkOperation, by: Administrator) -> Explained:
    blocked = Q(blocked_at__isnull=False, removed_at=None)
    number = chosen_people(operation).aggregate(
        back=Count("id", filter=blocked & Q(active=True)),
        disabled=Count("id", filter=blocked & Q(active=False)),
    )
    words = [
        _print_again(number["back"]),
        _("Cards and PINs turned off by the block work again. Devices must be enrolled again."),
    ]
    if number["disabled"]:
        text = ngettext(
            "%(count)d person is not active in the directory, so access stays ended until they are.",
            "%(count)d people are not active in the directory, so access stays ended until they are.",
            number["disabled"],
        )
        words.append(text % {"count": number["disabled"]})
    return Explained(words)


def _restoring(operation: BulkOperation, by: Administrator) -> Explained:
    gone = Q(state__in=[PersonState.SUSPENDED, PersonState.REMOVED])
    blocked = Q(blocked_at__isnull=False, removed_at=None)
    number = chosen_people(operation).aggregate(
        back=Count("id", filter=gone & ~blocked), blocked=Count("id", filter=blocked)
    )
    words = [
        _print_again(number["back"]),
        _("Cards and PINs turned off when they left work again. Devices must be enrolled again."),
    ]
    if number["blocked"]:
        text = ngettext(
            "%(count)d blocked person stays blocked.",
            "%(count)d blocked people stay blocked.",
            number["blocked"],
        )
        words.append(text % {"count": number["blocked"]})
    return Explained(words)


def named_people(organization: Organization, ids: Sequence[str]) -> Named:
    """People by their ids, and their pages."""
    people = PrintUser.objects.of(organization).filter(pk__in=ids)
    return {
        str(person.pk): (person, reverse("console:person", args=[organization.slug, person.pk]))
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
UNBLOCK_ACTION: Final = register_action(
    BulkAction(
        UNBLOCK,
        gettext_lazy("Unblock"),
        "lock-open",
        gettext_lazy("Unblock people"),
        SUSPEND_PEOPLE,
        _unblocking,
        named_people,
        "console:people",
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
PEOPLE_ACTIONS: Final = (SUSPEND_ACTION, BLOCK_ACTION, UNBLOCK_ACTION, RESTORE_ACTION)
