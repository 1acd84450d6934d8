"""Have the queues of print servers refuse new jobs under a leaver's names, and take them again on return."""

from collections.abc import Iterable, Iterator
from contextlib import closing

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from printmgmt.deprovisioning.foreseen import Effect, Foreseen, Plan
from printmgmt.deprovisioning.models import DeprovisionRun, Trigger
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
)
from printmgmt.deprovisioning.steps.on_print_servers.words import skipped_words
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.models import PrintServer, QueueList
from printmgmt.printing.queue_access.sweeping import Swept, is_ours_to_write, place_of, refuses, sweep_lists
from printmgmt.printing.queue_access.writing import Answer, try_name
from printmgmt.printing.servers.connecting import client_for

_TRIED = 20
"""Queues of a server on which each name is tried; of the others the list is read."""


class CloseQueues(Step):
    """One target a print server. Whoever acts first writes for all who left: one write a queue.

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
        "tried": words.tried_words,
        "opened": words.opened_words,
        "skipped": skipped_words,
    }

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
        queues: list[str] = []
        found: dict[str, list[str]] = {"lost": [], "groups": [], "classes": []}
        for swept in _sweep(server, evidence):
            name = swept.queue.name
            if swept.plan is None:
                found["classes"] += [name] if swept.queue.is_class else []
                continue
            queues.append(name)
            found["lost"] += [name] if {*theirs.names.values()} & {*swept.plan.lost} else []
            found["groups"] += [name] if swept.plan.groups else []
        evidence["closed"] = {
            "queues": queues,
            "names": len(theirs.names),
            "at": timezone.now().isoformat(),
        }
        _note(evidence, found, theirs)

    def verify(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> bool:
        """Read the lists again, and submit an empty job as each name: what the queue answers is the proof."""
        if "skipped" in evidence:
            return True
        server = server_of(target)
        theirs = refused_for(server, run.person)
        with asking(server), client_for(server) as client:
            queues = [queue for queue in client.queues() if is_ours_to_write(queue)]
            if not all(refuses(queue, theirs.names) for queue in queues):
                return False
            open_at = _try(client, [queue.name for queue in queues], theirs, evidence)
        if open_at:
            raise StepError(
                gettext(
                    "The queue %(queue)s takes jobs under a name of this person although its list refuses "
                    "it. The print server compares names in another way, or is set to let them in."
                )
                % {"queue": open_at},
                permanent=True,
            )
        if theirs.shared or theirs.unsafe:
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
        if not QueueList.objects.filter(place=place_of(server)).exists():
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
        queues = [swept.queue.name for swept in _sweep(server, evidence) if swept.plan is not None]
        evidence["opened"] = {"queues": queues, "at": timezone.now().isoformat()}


def _sweep(server: PrintServer, evidence: Evidence) -> Iterator[Swept]:
    with asking(server), closing(sweep_lists(server, lambda: refused_at(server).names)) as sweep:
        for swept in in_time(sweep):
            yield swept
            evidence.keep()


def _note(evidence: Evidence, found: dict[str, list[str]], theirs: Refused) -> None:
    left_out = {"shared": len(theirs.shared), "unsafe": len(theirs.unsafe)}
    for key, value in (*found.items(), ("not_listed", {why: n for why, n in left_out.items() if n})):
        if value:
            evidence[key] = value
        else:
            evidence.pop(key, None)


def _try(client: Client, queues: list[str], theirs: Refused, evidence: Evidence) -> str:
    """Try each name on the first queues and note how often it was refused; return a queue that took one."""
    answers: list[Answer] = []
    for name in in_time(queues[:_TRIED]):
        queue = client.queue(name)
        for form in theirs.names.values():
            answers.append(try_name(client, queue, form))
            evidence["tried"] = {
                "queues": len(queues[:_TRIED]),
                "refused": answers.count(Answer.REFUSED),
                "unknown": answers.count(Answer.UNKNOWN),
            }
            if answers[-1] == Answer.ACCEPTED:
                return name
        evidence.keep()
    return ""
