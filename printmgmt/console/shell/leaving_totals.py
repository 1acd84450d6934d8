"""What a leaving would do to people, in numbers: lines as pages show them (`_leaving_totals.html`)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printmgmt.console.shell.navigation import Text
from printmgmt.deprovisioning.preview import LeavingPreview


@dataclass(frozen=True)
class TotalLine:
    """One line of the totals: what, how many, when."""

    label: Text
    number: int
    when: Text


def total_lines(preview: LeavingPreview) -> list[TotalLine]:
    """Return the totals of a preview."""
    return [TotalLine(total.effect.label, total.number, when_words(total.days)) for total in preview.totals]


def when_words(days: int) -> str:
    """Return when something follows a leaving: at once, or after so many days."""
    if not days:
        return _("At once")
    return ngettext("After %(days)d day", "After %(days)d days", days) % {"days": days}
