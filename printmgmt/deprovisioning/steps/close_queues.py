"""Have the queues of print servers refuse new jobs under a leaver's names, and take them again on return."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from printmgmt.deprovisioning.foreseen import Effect, Foreseen, Plan
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, StepState, Trigger
from printmgmt.deprovisioning.steps.base import Evidence, Step, StepError, Target
from printmgmt.deprovisioning.steps.on_print_servers import queue_words as words
from printmgmt.deprovisioning.steps.on_print_servers.acting import (
    asking,
    in_time,
    server_of,
    server_targets,
    skips,
    stop_if_over,
)
from printmgmt.deprovisioning.steps.on_print_servers.foreseen import names_to_refuse
from printmgmt.deprovisioning.steps.on_print_servers.refusing import (
    CLOSE_QUEUES,
    Refused,
    refused_at,
    refused_for,
    servers_at,
)
from printmgmt.deprovisioning.steps.on_print_servers.words import skipped_words
from printmgmt.deprovisioning.waits import end_waits
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone
from printmgmt.printing.models import ListKind, PrintServer
from printmgmt.printing.queue_access.forms import forms_of
from printmgmt.printing.queue_access.lists import Plan as ListPlan
from printmgmt.printing.queue_access.rows import (
    Closed,
    closed_at,
    distrust,
    is_being_swept,
    names_in_lists,
    names_refused,
)
from printmgmt.printing.queue_access.sweeping import refuses, sweep_lists
from printmgmt.printing.queue_access.writing import Answer, try_name
from printmgmt.printing.servers.connecting import client_for

_TRIED: Final = 20
"""Queues of a server on which each name is tried; of the others the list was read."""

_TRIALS: Final = 200
"""Queues that are tried for all who left just now together, though at least two for each of them."""

_SHOWN: Final = 20
"""Queues that the evidence names."""


class CloseQueues(Step):
    """One target a print server. The first worker writes for all who left: one write a queue.

    Jobs that wait already are not touched; holding them is another step.
    """

    name = CLOSE_QUEUES
    label = _("Refuse new print jobs")
    triggers = frozenset({Trigger.SUSPENDED, Trigger.REMOVED})
    evidence_words = {
        "closed": words.closed_words,
        "not_listed": words.not_listed_words,
        "lost": words.lost_words,
        "groups": words.groups_words,
        "classes": words.classes_words,
        "unshared": words.unshared_words,
        "unseen": words.unseen_words,
        "tried": words.tried_words,
        "opened": words.opened_words,
        "skipped": skipped_words,
    }

    @classmethod
    def headline(cls, evidence: Mapping[str, Any], *, who: str) -> str:
        return words.headline(evidence, who)

    def preview(self, plan: Plan) -> Iterable[Foreseen]:
        if plan.policy.close_queues:
            yield Foreseen(Effect.CLOSED, names_to_refuse(plan.organization))

    def targets(self, run: DeprovisionRun) -> Iterable[Target]:
        return server_targets(run) if run.policy.close_queues else ()

    def act(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        server = server_of(target)
        if skips(server, evidence):
            return
        stop_if_over(run)
        theirs = refused_for(server, run.person)
        refused, since = names_refused(server)
        if not refused or not theirs.names.keys() <= refused:
            _sweep(server, evidence, theirs, lambda: theirs.names.keys() <= names_refused(server)[0])
            _refused, since = names_refused(server)
        at = max(since or timezone.now(), run.cut_at)
        queues = closed_at(server)
        evidence["closed"] = {
            **_shown(queues),
            "names": len(theirs.names),
            "at": at.isoformat(),
            "after_ms": round((at - run.requested_at).total_seconds() * 1000),
        }
        left_out = {"shared": len(theirs.shared), "unsafe": len(theirs.unsafe)}
        _note(evidence, "not_listed", {why: number for why, number in left_out.items() if number})
        _note(evidence, "groups", [queue.name for queue in queues if queue.has_groups][:_SHOWN])
        _note(evidence, "classes", [queue.name for queue in queues if queue.kind == ListKind.CLASS][:_SHOWN])

    def verify(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> bool:
        """Submit an empty job as each name: what the queue answers is the proof. Lists were read again when
        they were written; those of the queues that are tried are read once more.
        """
        if "skipped" in evidence:
            return True
        server = server_of(target)
        theirs = refused_for(server, run.person)
        with asking(server), client_for(server) as client:
            is_remote = not client.address.is_loopback
            queues = closed_at(server)
            unshared = [queue.name for queue in queues if is_remote and not queue.is_shared]
            _note(evidence, "unshared", unshared[:_SHOWN])
            _note(evidence, "unseen", is_remote)
            open_at = _try(client, _to_try(server, queues), theirs, evidence)
        if open_at is None:
            distrust(server)
            return False
        if open_at:
            raise StepError(
                gettext(
                    "The queue %(queue)s takes jobs under a name of this person although its list refuses "
                    "it. The print server compares names in another way, or is set to let them in."
                )
                % {"queue": open_at},
                permanent=True,
            )
        if not theirs.is_complete:
            raise StepError(
                gettext(
                    "Not every name of this person can be refused: someone else prints under it, too, or it "
                    "means more than one person. Change the name of the other person, then retry, or skip "
                    "this step."
                ),
                permanent=True,
            )
        return True

    def undo(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        server = server_of(target)
        refused, since = names_refused(server)
        if since is None and not refused and not closed_at(server):
            return
        if server.removed_at is not None:
            evidence["skipped"] = "removed"
            return
        if server.paused_at is not None:
            raise StepError(
                gettext(
                    "The print server is paused, and queues are still closed there. Resume it, then retry."
                ),
                permanent=True,
            )
        queues = closed_at(server)
        if since is None or refused_at(server).names.keys() != refused:
            theirs = refused_for(server, run.person)
            _sweep(server, evidence, theirs, lambda: _is_open(server, theirs))
        evidence["opened"] = {**_shown(queues), "at": timezone.now().isoformat()}


def _sweep(server: PrintServer, evidence: Evidence, theirs: Refused, is_enough: Callable[[], bool]) -> None:
    """Bring queues up to date until it is enough; note those where names of this person had been lost."""
    lost: list[str] = []
    with asking(server), closing(_sweeps(server, is_enough)) as sweep:
        for name, plan in in_time(sweep, said=_goes_on()):
            if {*theirs.names.values()} & {*plan.lost}:
                lost.append(name)
            evidence.keep()
    _note(evidence, "lost", lost[:_SHOWN])
    # The waits of those who met this sweep grew as long as it took.
    end_waits(CLOSE_QUEUES, servers_at(server))


def _sweeps(server: PrintServer, is_enough: Callable[[], bool]) -> Generator[tuple[str, ListPlan]]:
    """Yield what sweeps did. The first one may have begun before the person left, and ends as it began."""
    for _sweep in range(2):
        # Another worker may be at it for a while: this one has other servers to see to.
        wait = 0.0 if is_being_swept(server) else 10.0
        yield from sweep_lists(server, lambda: refused_at(server).names, wait=wait)
        if is_enough():
            return
    raise StepError(_goes_on(), permanent=False, goes_on=True)


def _goes_on() -> str:
    return gettext("There are many queues. This continues shortly.")


def _is_open(server: PrintServer, theirs: Refused) -> bool:
    """Whether no queue can refuse a name of the person any more, except one that a leaver has, too."""
    left = {*theirs.names, *theirs.shared} & names_in_lists(server)
    return not left or left <= refused_at(server).names.keys()


def _shown(queues: Sequence[Closed]) -> dict[str, Any]:
    """Return some of the queues by name, and how many more there are: evidence stays small."""
    return {"queues": [queue.name for queue in queues[:_SHOWN]], "more": len(queues[_SHOWN:])}


def _note(evidence: Evidence, key: str, value: object) -> None:
    if value:
        evidence[key] = value
    else:
        evidence.pop(key, None)


def _to_try(server: PrintServer, queues: Sequence[Closed]) -> list[str]:
    """Return the queues on which to try a name: one of each policy first, few where many leave at once."""
    by_policy = {queue.op_policy: queue for queue in reversed(queues)}
    first = list(by_policy.values())
    at_once = DeprovisionStep.objects.filter(
        organization=server.organization_id,
        name=CLOSE_QUEUES,
        target_id=str(server.pk),
        state=StepState.PENDING,
    ).count()
    most = max(2, min(_TRIED, _TRIALS // (at_once + 1)))
    return [queue.name for queue in dict.fromkeys([*first, *queues])][:most]


def _try(client: Client, queues: list[str], theirs: Refused, evidence: Evidence) -> str | None:
    """Try each name on these queues and note how often it was refused.

    Returns a queue that took one although it should not, blank if there is none, None if a list no longer
    has all names.
    """
    answers: list[Answer] = []
    tried = 0
    for name in in_time(queues):
        try:
            queue = client.queue(name)
        except Gone:
            continue
        if not refuses(queue, theirs.names):
            return None
        tried += 1
        for form in theirs.names.values():
            answer = try_name(client, queue, form)
            answers.append(answer)
            if answer == Answer.ACCEPTED and not _is_shared_in_part(form, theirs):
                return name
        evidence["tried"] = {
            "queues": tried,
            "refused": answers.count(Answer.REFUSED),
            "accepted": answers.count(Answer.ACCEPTED),
            "unknown": answers.count(Answer.UNKNOWN),
        }
    return ""


def _is_shared_in_part(form: str, theirs: Refused) -> bool:
    """Whether a server that compares only what is before the ``@`` takes jobs under it for someone else."""
    local = form.partition("@")[0]
    return local != form and any(key in theirs.shared for key in forms_of([local]))
