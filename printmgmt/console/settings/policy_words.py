"""The leaving policy in words: what it does, what a version changed, what another one would have done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from printmgmt.console.shell.navigation import Text
from printmgmt.deprovisioning.models import LeavingPolicy, Trigger, WaitingJobs
from printmgmt.deprovisioning.what_if import Compared, Outcome
from printmgmt.organizations.moments import write_day

RULE_LABELS: Final[dict[str, Text]] = {
    "suspend_grace_days": gettext_lazy("Restore period after a suspension (days)"),
    "remove_grace_days": gettext_lazy("Restore period after a removal (days)"),
    "remove_after_days": gettext_lazy("Remove suspended people after (days)"),
    "retention_days": gettext_lazy("Keep history (days)"),
    "breaker_people": gettext_lazy("Pause when more people leave than"),
    "breaker_percent": gettext_lazy("Pause when a larger percentage leaves than"),
    "breaker_minutes": gettext_lazy("Pause counts leavers within (minutes)"),
    "digest_minutes": gettext_lazy("Email at most every (minutes)"),
    "waiting_jobs": gettext_lazy("Waiting print jobs"),
    "close_queues": gettext_lazy("Refuse new print jobs"),
}
"""What the history calls each rule."""


@dataclass(frozen=True)
class Explained:
    """What happens to one way of leaving: at which moments, and then what."""

    title: Text
    moments: list[tuple[Text, str]]


def explained(policy: LeavingPolicy) -> list[Explained]:
    """Return what the policy does when Ada is disabled, and when she is removed."""
    return [
        Explained(_("When Ada is disabled"), list(_when_disabled(policy))),
        Explained(_("When Ada is removed"), list(_when_removed(policy))),
    ]


def _when_disabled(policy: LeavingPolicy) -> Iterator[tuple[Text, str]]:
    yield _("At once"), _at_once(policy)
    until = [_("Cards and PINs can no longer be restored by a return.")]
    if policy.waiting_jobs != WaitingJobs.PURGE:
        until.insert(0, _("Jobs that are still held are canceled and deleted."))
    yield _after_days(policy.suspend_grace_days), " ".join(until)
    if policy.remove_after_days is not None:
        yield (
            _after_days(policy.remove_after_days),
            _("Ada is removed if she is still suspended. Then the following applies."),
        )


def _when_removed(policy: LeavingPolicy) -> Iterator[tuple[Text, str]]:
    yield _("At once"), " ".join([_at_once(policy), _("Her user name can be used again.")])
    later = [_("Cards and PINs are erased. Ada can no longer be restored.")]
    if policy.waiting_jobs != WaitingJobs.PURGE:
        later.insert(0, _("Jobs that are still held are canceled and deleted."))
    yield _after_days(policy.remove_grace_days), " ".join(later)
    yield (
        _after_days(policy.retention_days),
        _("Her name and titles of her jobs are erased from the history."),
    )


def _at_once(policy: LeavingPolicy) -> str:
    said = [_("Cards and PINs stop working, and devices are signed out."), _JOBS[policy.waiting_jobs]]
    if policy.close_queues:
        said.append(
            _("New jobs under her names are refused where the console manages the lists of a server.")
        )
    return " ".join(map(str, said))


_JOBS: Final[Mapping[str, Text]] = {
    WaitingJobs.HOLD: gettext_lazy("Jobs that are waiting are held."),
    WaitingJobs.PURGE: gettext_lazy("Jobs that are waiting are canceled and deleted. This cannot be undone."),
    WaitingJobs.MOVE: gettext_lazy(
        "Jobs that are waiting are held and moved to the stopped queue of their print server."
    ),
}


def breaker_words(policy: LeavingPolicy) -> str:
    """Return when the policy waits for an approval."""
    return _(
        "When more than %(people)d people, and more than %(percent)d%% of everyone, leave within %(minutes)d "
        "minutes, access still ends at once, but nothing is deleted until an administrator approves."
    ) % {
        "people": policy.breaker_people,
        "percent": policy.breaker_percent,
        "minutes": policy.breaker_minutes,
    }


def _after_days(days: int) -> str:
    return ngettext("After %(days)d day", "After %(days)d days", days) % {"days": days}


def change_words(before: Mapping[str, Any] | None, policy: LeavingPolicy) -> list[str]:
    """Return what a version changed against the rules ``before`` it, from → to."""
    if before is None:
        return [_("The first version, with the defaults.")]
    return [
        _("%(rule)s: %(old)s → %(new)s")
        % {
            "rule": label,
            "old": _value(rule, before[rule]),
            "new": _value(rule, getattr(policy, rule)),
        }
        for rule, label in RULE_LABELS.items()
        if before[rule] != getattr(policy, rule)
    ]


def _value(rule: str, value: Any) -> str:
    if rule == "waiting_jobs":
        return str(WaitingJobs(value).label)
    if rule == "close_queues":
        return _("yes") if value else _("no")
    return _("never") if value is None else str(value)


def differences(compared: Compared) -> list[str]:
    """Return what would have been different for a leaver, in sentences; none where nothing would."""
    return list(_differences(compared.was, compared.would, Trigger(compared.run.trigger)))


def _differences(was: Outcome, would: Outcome, trigger: Trigger) -> Iterator[str]:
    if was.jobs and was.waiting_jobs != would.waiting_jobs:
        yield f"{_jobs_words(was)} → {_jobs_words(would)}"
    elif was.jobs and was.cancel_at != would.cancel_at:
        yield _("Held jobs canceled on: %(old)s → %(new)s") % _days(was.cancel_at, would.cancel_at)
    if was.restorable_until != would.restorable_until:
        days = _days(was.restorable_until, would.restorable_until)
        yield (
            _("Could be restored until: %(old)s → %(new)s") % days
            if trigger == Trigger.REMOVED
            else _("Return gives cards and jobs back until: %(old)s → %(new)s") % days
        )
    if was.closes_queues != would.closes_queues:
        yield (
            _("New jobs under their names would be refused.")
            if would.closes_queues
            else _("New jobs under their names would not be refused.")
        )
    if was.paused != would.paused:
        yield (
            _("The breaker would have stopped them: nothing is deleted before an approval.")
            if would.paused
            else _("The breaker would not have stopped them.")
        )


def _jobs_words(outcome: Outcome) -> str:
    texts = {
        WaitingJobs.HOLD: ngettext("%(count)d job held", "%(count)d jobs held", outcome.jobs),
        WaitingJobs.PURGE: ngettext(
            "%(count)d job canceled and deleted at once",
            "%(count)d jobs canceled and deleted at once",
            outcome.jobs,
        ),
        WaitingJobs.MOVE: ngettext(
            "%(count)d job held and moved", "%(count)d jobs held and moved", outcome.jobs
        ),
    }
    return texts[outcome.waiting_jobs] % {"count": outcome.jobs}


def _days(old: Any, new: Any) -> dict[str, str]:
    return {
        "old": write_day(old),
        "new": write_day(new),
    }
