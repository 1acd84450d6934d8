"""How many jobs a server takes, and how long it keeps them."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.printing.servers.findings.finding import DANGER, INFO, WARNING, Finding, hours_words
from printmgmt.printing.servers.probe.found import FOREVER, Found, Who

FULL_SOON: Final = 0.8
"""The part of MaxJobs from which on the server will soon take no more jobs."""

_OUTSIDE: Final = gettext_lazy("Put this outside of all sections, in place of any %(directive)s line:")


def of_room(found: Found) -> Iterator[Finding]:
    """Yield how near the server is to its limit, and what becomes of held and past jobs."""
    if found.max_jobs and found.open_jobs is not None:
        nearly = found.open_jobs >= found.max_jobs * FULL_SOON
        values = {"open": found.open_jobs, "most": found.max_jobs}
        if nearly:
            yield Finding(
                "full-soon",
                DANGER,
                _("The server will soon accept no more jobs"),
                _(
                    "%(open)d of at most %(most)d jobs are waiting, held or printing. At the limit, nobody "
                    "can print. Release or cancel held jobs, or raise the limit (0 is no limit)."
                )
                % values,
                block="MaxJobs 0\n",
                where=_OUTSIDE % {"directive": "MaxJobs"},
            )
        else:
            yield Finding(
                "room",
                INFO,
                _("Room for jobs"),
                _(
                    "%(open)d of at most %(most)d jobs are waiting, held or printing. Past jobs share this "
                    "limit: the more are held, the fewer past ones the server remembers."
                )
                % values,
            )
    if found.max_hold_seconds:
        yield Finding(
            "max-hold",
            WARNING,
            _("The server cancels held jobs"),
            _("A job that is held for more than %(hours)s is canceled by the server (MaxHoldTime).")
            % {"hours": hours_words(found.max_hold_seconds)},
        )
    if found.kept_seconds and any(policy.open_to(*Who) for policy in found.policies):
        kept = _("forever") if found.kept_seconds == FOREVER else hours_words(found.kept_seconds)
        yield Finding(
            "files-kept",
            WARNING,
            _("Past jobs can be printed again"),
            _(
                "The server keeps the files of past jobs (%(time)s). As long as people can undo holds, they "
                "can also print a canceled job again. Protect the holds, or have the files deleted "
                "immediately."
            )
            % {"time": kept},
            block="PreserveJobFiles No\n",
            where=_OUTSIDE % {"directive": "PreserveJobFiles"},
        )
