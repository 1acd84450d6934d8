"""The texts of a change to a group: the question before and the message afterwards."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printmgmt.people.memberships import Members
from printmgmt.people.models import PrintGroup, PrintUser


def delete_question(group: PrintGroup) -> str:
    """What deleting does; ``group`` as `people.members.with_counts` gave it."""
    people, groups = group.people_count, group.group_count  # type: ignore[attr-defined]
    parts = []
    if people:
        parts.append(
            ngettext(
                "%(count)d person will be removed from it.",
                "%(count)d people will be removed from it.",
                people,
            )
            % {"count": people}
        )
    if groups:
        parts.append(
            ngettext(
                "%(count)d group will be removed from it.",
                "%(count)d groups will be removed from it.",
                groups,
            )
            % {"count": groups}
        )
    parts.append(_("People and other groups do not change. You can undo this until the restore period ends."))
    return " ".join(parts)


def name_of(members: Members) -> str:
    """A single member by name, several by their number."""
    number = len(members.ids)
    if number > 1:
        return ngettext("%(count)d member", "%(count)d members", number) % {"count": number}
    person = PrintUser.objects.filter(pk__in=members.people).first()
    return str(person or PrintGroup.objects.filter(pk__in=members.groups).first() or "")


def names_of(groups: Sequence[PrintGroup]) -> str:
    """A single group by name, several by their number."""
    if len(groups) == 1:
        return str(groups[0])
    return ngettext("%(count)d group", "%(count)d groups", len(groups)) % {"count": len(groups)}
