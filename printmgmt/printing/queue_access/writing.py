"""Writes the list of one queue and finds out whether it refuses a name."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from printmgmt.printing.ipp.attributes import Queue
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Forbidden, IppError, LoginRequired, NotNow
from printmgmt.printing.queue_access.forms import fold
from printmgmt.printing.queue_access.lists import Plan


class Answer(StrEnum):
    """What a queue answers to a job under a name."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    """It could not be tried: the queue asks for a password, takes no jobs now, or is not shared."""


def write_list(client: Client, queue: Queue, plan: Plan) -> None:
    """Write the list that was planned for a queue, if any.

    ``queue`` was read by this client less than a minute ago, under the lease of its server.
    One write at most, read again afterwards. Raises IppError, NotNow where the list did not stay.
    """
    if plan.denied is None and plan.allowed is None:
        return
    after = client.set_access(queue, denied=plan.denied, allowed=plan.allowed)
    if {*map(fold, after.denied)} != {*map(fold, plan.denied or ())} or (
        {*map(fold, after.allowed)} != {*map(fold, plan.allowed or ())}
    ):
        raise NotNow(_("Someone else changed who may print here at the same moment."))


def try_name(client: Client, queue: Queue, name: str) -> Answer:
    """Try to submit a job under a name, as any computer would. Raises NotNow.

    The job has no document and is held, so that nothing prints; one that is accepted is purged at once.
    CUPS does not look at the list for Validate-Job.
    """
    if queue.shared is False and not client.address.is_loopback:
        return Answer.UNKNOWN  # refused to everyone from here, whatever the name
    try:
        job = client.create_job(queue.name, name)
    except LoginRequired:
        return Answer.UNKNOWN
    except Forbidden:
        return Answer.REFUSED
    except NotNow:
        raise
    except IppError:
        return Answer.UNKNOWN
    client.cancel(job, purge=True)
    return Answer.ACCEPTED
