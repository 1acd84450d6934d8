"""The jobs that a test makes on a server, and that never outlive it."""

from collections.abc import Iterator
from contextlib import contextmanager

from printmgmt.printing.ipp.attributes import Job
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone, IppError, NotPossible


class OwnJobs:
    """Held jobs without a document: nothing of them is ever printed. Their owner and title are ``mark``.

    ``left_over`` counts those that could not be removed; the next test of the server removes them.
    """

    def __init__(self, client: Client, mark: str) -> None:
        self._client = client
        self.mark = mark
        self._made: list[int] = []
        self.left_over = 0

    def make(self, queue: str, *, as_operator: bool) -> int:
        """Create a job and return its number. Raises IppError."""
        made = self._client.create_job(queue, self.mark, title=self.mark, as_operator=as_operator)
        self._made.append(made)
        return made

    def includes(self, job: Job) -> bool:
        """Whether a test of this server made the job: this one, or one that broke off."""
        return self.mark in job.owners or job.title == self.mark

    def purge(self, *numbers: int) -> None:
        """Remove jobs, past ones too, with all that the server knows of them."""
        for number in numbers:
            try:
                self._client.cancel(number, purge=True)
            except (Gone, NotPossible):
                continue
            except IppError:
                self.left_over += 1

    @contextmanager
    def purged(self) -> Iterator[None]:
        """Remove at the end of the block what was made in it, however it ends."""
        try:
            yield
        finally:
            self.purge(*self._made)
            self._made.clear()
