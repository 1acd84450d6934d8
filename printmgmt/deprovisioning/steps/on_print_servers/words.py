"""The sentences about jobs on print servers in the evidence of steps: by number, never by title."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from printmgmt.printing.leavers.open_holds import Holds, Names
from printmgmt.printing.servers.findings.holds import rights_words
from printmgmt.printing.servers.probe.found import Right

_NOT_MOVED: Final = {
    "none-chosen": gettext_lazy(
        "The jobs stayed in their queues: no queue for leavers' jobs is chosen for this print server."
    ),
    "missing": gettext_lazy("The jobs stayed in their queues: the queue for leavers' jobs is gone."),
    "running": gettext_lazy(
        "The jobs stayed in their queues: the queue for leavers' jobs is not stopped, so they would print."
    ),
}

Entry = Mapping[str, Any]
"""A job in the evidence: ``job`` is its number, ``printer`` the queue."""

_DOUBTS: Final = {
    "forged": gettext_lazy("they name two owners"),
    "unknown": gettext_lazy("it is not certain that this name is theirs"),
    "ambiguous": gettext_lazy("several people print under this name"),
    "reused": gettext_lazy("the name belongs to someone else now"),
}

_SKIPPED: Final = {
    "paused": gettext_lazy("The print server is paused: nothing was done there."),
    "removed": gettext_lazy("The print server was removed from the console: nothing was done there."),
}


def jobs_at(entries: Iterable[Entry]) -> Iterator[dict[str, str]]:
    """Yield the values of a sentence for each printer: ``jobs`` (numbers) and ``printer``."""
    numbers: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        numbers[entry["printer"]].append(str(entry["job"]))
    for printer, jobs in sorted(numbers.items()):
        yield {"jobs": get_text_list(jobs, _("and")), "printer": printer}


def held_words(entries: list[Entry]) -> Iterator[str]:
    """The words of jobs that a step held, or began to."""
    for values in jobs_at(entry for entry in entries if "at" in entry):
        yield _("Held at %(printer)s: job %(jobs)s.") % values
    for values in jobs_at(entry for entry in entries if "at" not in entry and "ended" not in entry):
        yield _("Holding started at %(printer)s: job %(jobs)s.") % values
    for values in jobs_at(entry for entry in entries if "late" in entry and "ended" not in entry):
        yield _("Sent after access had ended, at %(printer)s: job %(jobs)s.") % values
    yield from _moved_words(entries)
    for values in jobs_at(entry for entry in entries if "released" in entry):
        yield _("Released again at %(printer)s: job %(jobs)s.") % values
    for values in jobs_at(entry for entry in entries if "not_released" in entry):
        yield _("No longer held by this step, so not released, at %(printer)s: job %(jobs)s.") % values


def already_held_words(entries: list[Entry]) -> Iterator[str]:
    for values in jobs_at(entries):
        yield _("Already held at %(printer)s: job %(jobs)s.") % values
    yield from _moved_words(entries)


def _moved_words(entries: Iterable[Entry]) -> Iterator[str]:
    moved = [entry for entry in entries if "moved" in entry]
    for values in jobs_at({**entry, "printer": entry["aside"]} for entry in moved):
        yield _("Moved to the stopped queue %(printer)s: job %(jobs)s.") % values
    for values in jobs_at(entry for entry in moved if "back" in entry):
        yield _("Moved back to %(printer)s: job %(jobs)s.") % values


def not_moved_words(why: str) -> Iterator[str]:
    yield str(_NOT_MOVED[why])


def printing_words(entries: list[Entry]) -> Iterator[str]:
    for values in jobs_at(entries):
        yield _("Was already printing at %(printer)s, and may finish: job %(jobs)s.") % values


def stopped_words(entries: list[Entry]) -> Iterator[str]:
    for values in jobs_at(entries):
        yield _("Had just started to print at %(printer)s, and was stopped: job %(jobs)s.") % values


def canceled_words(entries: list[Entry]) -> Iterator[str]:
    for values in jobs_at(entry for entry in entries if "at" in entry):
        yield _("Canceled and deleted at %(printer)s: job %(jobs)s.") % values
    for values in jobs_at(entry for entry in entries if "at" not in entry):
        yield _("Canceling started at %(printer)s: job %(jobs)s.") % values


def doubt_words(doubts: Mapping[str, int]) -> Iterator[str]:
    for doubt, count in sorted(doubts.items()):
        values = {"count": count, "why": _DOUBTS.get(doubt, doubt)}
        yield (
            ngettext(
                "%(count)d job under a name like theirs was not touched: %(why)s.",
                "%(count)d jobs under a name like theirs were not touched: %(why)s.",
                count,
            )
            % values
        )


def hidden_words(count: int) -> Iterator[str]:
    if count:
        yield (
            ngettext(
                "The print server does not show who owns %(count)d job.",
                "The print server does not show who owns %(count)d jobs.",
                count,
            )
            % {"count": count}
        )


def read_words(read: Mapping[str, Any]) -> Iterator[str]:
    yield ngettext(
        "Checked %(count)d job that was waiting or printing there.",
        "Checked %(count)d jobs that were waiting or printing there.",
        read["open"],
    ) % {"count": read["open"]}


def holds_words(worth: str) -> Iterator[str]:
    if worth == Holds.STAY:
        yield _("Only an operator with the password can release held jobs there.")
    elif worth == Holds.OPEN:
        yield _("On this print server people other than the operator can release held jobs.")
    else:
        yield _("Whether others can release held jobs there is not known. Test the server on its page.")


def open_rights_words(rights: list[str]) -> Iterator[str]:
    """The words of what others than the operator can do to held jobs, by `Right`."""
    yield _("Without the operator's password, people can take a held job there and %(rights)s.") % {
        "rights": rights_words(Right(right) for right in rights)
    }


def names_words(worth: str) -> Iterator[str]:
    if worth == Names.BELIEVED:
        yield _("This server believes the name a client states: jobs sent under another name are not found.")
    elif worth == Names.CHECKED:
        yield _("This server asks for a password before it accepts a job.")
    else:
        yield _("Whether this server believes the name a client states is not known. Test it on its page.")


def skipped_words(why: str) -> Iterator[str]:
    yield str(_SKIPPED[why])
