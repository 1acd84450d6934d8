"""A printer that is not CUPS: one queue at a path, a clock that counts from its start, few operations."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.attributes import JobState, QueueState
from printmgmt.printing.ipp.client import Client
from tests.other_printer import OtherPrinter


@pytest.fixture
def client(other_ipp: OtherPrinter) -> Iterator[Client]:
    with Client(ServerAddress.parse(other_ipp.uri)) as client:
        yield client


def test_its_queue_is_read(other_ipp, client):
    [queue] = client.queues()

    assert (queue.name, queue.uri, queue.state) == ("Other", other_ipp.uri, QueueState.IDLE)
    assert queue.uuid == other_ipp.ipptool("Get-Printer-Attributes").groups[0]["printer-uuid"]
    assert (queue.denied, queue.op_policy, queue.cups_version, queue.is_class) == ((), "", "", False)
    assert client.queue("whatever") == client.queues()[0]


def test_its_jobs_are_read(other_ipp, client):
    first = other_ipp.submit("alice", title="Letter")

    [job] = client.jobs()

    assert (job.id, job.owners, job.title) == (first, ("alice",), "Letter")
    assert job.state is JobState.HELD
    assert abs(datetime.now(UTC) - job.created_at) < timedelta(minutes=1)
    assert client.job(first).owners == ("alice",)
    assert list(client.jobs(first_id=first + 1)) == []


def test_its_jobs_are_canceled(other_ipp, client):
    job = other_ipp.submit("alice")

    client.as_user("alice").cancel(job)

    assert client.job(job).state is JobState.CANCELED
    with pytest.raises(errors.NotPossible):
        client.cancel(job)
    with pytest.raises(errors.Gone):
        client.cancel(job + 1)


def test_what_it_does_not_know_is_not_supported(other_ipp, client):
    job = other_ipp.submit("alice")

    for attempt in (
        lambda: client.hold(job),
        lambda: client.release(job),
        lambda: client.move(job, "elsewhere"),
        lambda: client.restart(job),
        lambda: client.pause_queue("Other"),
        lambda: client.set_access(client.queues()[0], denied=["alice"]),
    ):
        with pytest.raises(errors.NotSupported):
            attempt()


def test_without_its_path_it_is_not_a_server_without_queues(other_ipp):
    with (
        Client(ServerAddress.parse(f"ipp://{other_ipp.host}/")) as client,
        pytest.raises((errors.NotSupported, errors.Gone)),
    ):
        client.queues()
