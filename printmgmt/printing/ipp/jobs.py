"""Requests about jobs."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from printmgmt.printing.ipp import errors, forms
from printmgmt.printing.ipp.asking import Asking
from printmgmt.printing.ipp.attributes import JOB_ATTRIBUTES, JOB_GROUP, Job
from printmgmt.printing.ipp.codec import Attribute, Group, Message
from printmgmt.printing.ipp.operations import Operation
from printmgmt.printing.ipp.reading import required

PAGE = 1000


class JobCalls(Asking):
    """Jobs are asked for and changed one by one, as the operator where the client has a login."""

    def jobs(
        self, first_id: int = 1, page: int = PAGE, attributes: Sequence[str] = JOB_ATTRIBUTES
    ) -> Iterator[Job]:
        """Return waiting and past jobs of all queues, from `first_id` on, by rising number.

        Asks page by page until one is empty: CUPS cuts pages shorter than it is asked for. Raises `BadAnswer`
        if a page does not go on where the one before ended. A device at a path is asked once.
        """
        requested = _requested("job-id", "job-state", *attributes)
        which = forms.keyword("which-jobs", "all")
        if self.address.path:
            jobs = self._jobs_in(self._ask(Operation.GET_JOBS, self._everything(), which, requested))
            yield from sorted((job for job in jobs if job.id >= first_id), key=lambda job: job.id)
            return
        read = 0
        while True:
            start, limit = forms.integer("first-job-id", first_id), forms.integer("limit", page)
            answer = self._ask(Operation.GET_JOBS, self._everything(), which, start, limit, requested)
            jobs = self._jobs_in(answer)
            if not jobs:
                return
            for job in jobs:
                if job.id < first_id:
                    raise errors.BadAnswer(technical=f"job {job.id} listed where {first_id} or later was due")
                first_id = job.id + 1
            read += len(jobs)
            if read > self._transport.limits.jobs:
                raise errors.BadAnswer(technical=f"more than {self._transport.limits.jobs} jobs")
            yield from jobs

    def job(self, job_id: int) -> Job:
        """Return one job. Raises `Gone` if the server has none of that number."""
        answer = self._ask(Operation.GET_JOB_ATTRIBUTES, *self._one(job_id), _requested(*JOB_ATTRIBUTES))
        jobs = self._jobs_in(answer)
        if [job.id for job in jobs] != [job_id]:
            raise errors.BadAnswer(technical=f"not job {job_id}: {[job.id for job in jobs]}")
        return jobs[0]

    def hold(self, job_id: int, until: str = "indefinite") -> None:
        """Hold a job. One that is printing stops and prints from its start when released. Raises
        `NotPossible` if it is over.

        `until` replaces what the job had: read it first if it is to come back.
        """
        self._ask(Operation.HOLD_JOB, *self._one(job_id), forms.hold(until))

    def release(self, job_id: int) -> None:
        self._ask(Operation.RELEASE_JOB, *self._one(job_id))

    def cancel(self, job_id: int, purge: bool = False) -> None:
        """Cancel one job; with `purge`, CUPS forgets its files too, so that nobody can restart it, also if it
        was over already.
        """
        purging = [forms.boolean("purge-job", True)] if purge else []
        self._ask(Operation.CANCEL_JOB, *self._one(job_id), *purging)

    def move(self, job_id: int, queue_name: str) -> None:
        """Move a job to another queue of the server. A held job stays held, any other one prints there."""
        destination = forms.uri("job-printer-uri", self._queue_target(queue_name).values[0].value)
        self._ask(Operation.CUPS_MOVE_JOB, *self._one(job_id), group=Group(JOB_GROUP, [destination]))

    def restart(self, job_id: int) -> None:
        """Print a job again that is over. Raises `NotPossible` or `Gone` if its files are not kept."""
        self._ask(Operation.RESTART_JOB, *self._one(job_id))

    def set_priority(self, job_id: int, priority: int) -> None:
        """Set job-priority, 1–100; it changes the turn of a job and nothing else."""
        change = Group(JOB_GROUP, [forms.integer("job-priority", priority)])
        self._ask(Operation.SET_JOB_ATTRIBUTES, *self._one(job_id), group=change)

    def create_job(
        self,
        queue_name: str,
        owner: str,
        *,
        hold_until: str = "indefinite",
        title: str = "",
        as_operator: bool = False,
    ) -> int:
        """Create a job without a document and return its number. Nothing prints: released, it is aborted.

        Sent without login, stating `owner`, as any computer would; `as_operator` sends the login, and then
        the operator is the owner. Raises `Forbidden` if the queue's list refuses the owner, `NotPossible`
        where too many jobs wait.
        """
        answer = self._submit(Operation.CREATE_JOB, queue_name, owner, hold_until, title, as_operator)
        group = next((group for group in answer.groups if group.tag == JOB_GROUP), Group(JOB_GROUP, []))
        return required(group, "job-id", int)

    def validate_job(self, queue_name: str, owner: str, *, as_operator: bool = False) -> None:
        """Ask whether a job of this owner would be accepted. CUPS does not look at the list of names for
        this.
        """
        self._submit(Operation.VALIDATE_JOB, queue_name, owner, "no-hold", "", as_operator)

    def _submit(
        self,
        operation: Operation,
        queue_name: str,
        owner: str,
        hold_until: str,
        title: str,
        as_operator: bool,
    ) -> Message:
        target = self._queue_target(queue_name)
        details = [forms.title(title)] if title else []
        template = Group(JOB_GROUP, [forms.hold(hold_until)])
        if as_operator:
            return self._ask(operation, target, *details, group=template)
        return self._ask_as(owner, operation, target, *details, group=template)

    def _everything(self) -> Attribute:
        return forms.uri("printer-uri", self.address.uri(self.address.path or "/"))

    def _one(self, job_id: int) -> list[Attribute]:
        """The target of a request about a job: its URI with CUPS, queue and number with a device, whose job
        URIs are its own.
        """
        if job_id < 1:
            raise ValueError(f"no number of a job: {job_id}")
        if self.address.path:
            return [self._everything(), forms.integer("job-id", job_id)]
        return [forms.uri("job-uri", self.address.uri(f"/jobs/{job_id}"))]

    def _jobs_in(self, answer: Message) -> list[Job]:
        now = datetime.now(UTC)
        return [Job.read(group, now=now) for group in answer.groups if group.tag == JOB_GROUP]


def _requested(*attributes: str) -> Attribute:
    return forms.keyword("requested-attributes", *dict.fromkeys(attributes))
