"""Says what became of the jobs that were held, released or canceled."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printmgmt.console.jobs.buttons import Deed
from printmgmt.console.jobs.changing import Outcome
from printmgmt.printing.models import PrintJob

NAMED: Final = 5
"""Jobs that are named by number; with more of them the rest is counted."""


def _held(jobs: int) -> str:
    return ngettext("%(count)d job was held.", "%(count)d jobs were held.", jobs)


def _released(jobs: int) -> str:
    return ngettext("%(count)d job was released.", "%(count)d jobs were released.", jobs)


def _canceled(jobs: int) -> str:
    return ngettext(
        "%(count)d job was canceled. Its document is deleted.",
        "%(count)d jobs were canceled. Their documents are deleted.",
        jobs,
    )


_DONE: Final[Mapping[str, Callable[[int], str]]] = {
    Deed.HOLD: _held,
    Deed.RELEASE: _released,
    Deed.CANCEL: _canceled,
}


def show_outcomes(request: HttpRequest, deed: Deed, outcomes: Iterable[Outcome]) -> None:
    """Tell on the next page how many were done, and of the others, by reason, which and why not."""
    done, refused = 0, defaultdict(list)
    for outcome in outcomes:
        if outcome.refusal:
            refused[outcome.refusal].append(outcome.job)
        else:
            done += 1
    if done:
        messages.success(request, _DONE[deed](done) % {"count": done})
    for reason, jobs in refused.items():
        text = ngettext(
            "%(jobs)s was not changed. %(reason)s", "%(jobs)s were not changed. %(reason)s", len(jobs)
        )
        messages.error(request, text % {"jobs": _named(jobs), "reason": reason})


def _named(jobs: Sequence[PrintJob]) -> str:
    names = [
        _("job %(number)d on %(server)s") % {"number": job.remote_id, "server": job.server.name}
        for job in jobs[:NAMED]
    ]
    more = len(jobs) - NAMED
    if more > 0:
        names.append(ngettext("%(count)d more job", "%(count)d more jobs", more) % {"count": more})
    text = get_text_list(names, _("and"))
    return text[:1].upper() + text[1:]
