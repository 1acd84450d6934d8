"""Lists of names: only of a queue just seen, never opened by accident, and read again afterwards."""

import pytest

from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp import queues as queues_module
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.codec import Group, Value
from printmgmt.printing.ipp.operations import Operation
from printmgmt.printing.ipp.queues import NOBODY
from printmgmt.printing.ipp.values import Tag
from tests.printmgmt.printing.ipp.serving import Server, ipp, queue_group


class Queues:
    """A server with one queue, whose uuid the test can change."""

    def __init__(self) -> None:
        self.uuid = "urn:uuid:1"
        self.uuid_after_writing = "urn:uuid:1"
        self.written: list[Group] = []

    def answer(self, request, _):
        if request.message.code == Operation.CUPS_ADD_MODIFY_PRINTER:
            self.written.append(request.message.groups[1])
            self.uuid = self.uuid_after_writing
            return ipp(request)
        return ipp(request, queue_group("front", self.uuid))


@pytest.fixture
def server():
    queues = Queues()
    with Server(queues.answer) as server, Client(server.address) as client:
        yield queues, client


def test_a_queue_that_was_not_seen_is_not_modified(server):
    """CUPS creates a queue that is modified and does not exist."""
    queues, client = server
    seen_by_another = client.as_user("alice").queue("front")

    with pytest.raises(ValueError, match="not read just now"):
        client.set_access(seen_by_another, denied=["bob"])

    assert queues.written == []


def test_a_queue_that_was_seen_long_ago_is_not_modified(server, monkeypatch):
    queues, client = server
    queue = client.queue("front")
    later = queues_module.time.monotonic() + queues_module.SEEN_SECONDS + 1
    monkeypatch.setattr(queues_module.time, "monotonic", lambda: later)

    with pytest.raises(ValueError, match="not read just now"):
        client.set_access(queue, denied=["bob"])

    assert queues.written == []


def test_a_queue_that_is_another_one_now_is_not_modified(server):
    queues, client = server
    queue = client.queue("front")
    queues.uuid = "urn:uuid:2"

    with pytest.raises(errors.Gone):
        client.set_access(queue, denied=["bob"])

    assert queues.written == []


def test_a_queue_that_vanished_while_it_was_written_is_said(server):
    queues, client = server
    queues.uuid_after_writing = "urn:uuid:3"

    with pytest.raises(errors.Gone, match="may have come back empty"):
        client.set_access(client.queue("front"), denied=["bob"])


def test_a_list_is_seen_enough(server):
    queues, client = server
    [queue] = client.queues()

    client.set_access(queue, denied=["bob"])

    assert len(queues.written) == 1


@pytest.mark.parametrize(
    ("wanted", "written"),
    [
        ({"denied": ["alice", "bob"]}, ("denied", ["alice", "bob"])),
        ({"denied": []}, ("denied", ["none"])),
        ({"denied": ["none"]}, ("denied", ["none", NOBODY])),
        ({"denied": ["None"]}, ("denied", ["None", NOBODY])),
        ({"denied": ["all"]}, ("denied", ["all", NOBODY])),
        ({"allowed": ["alice"]}, ("allowed", ["alice"])),
        ({"allowed": []}, ("allowed", [NOBODY])),
        ({"allowed": ["all"]}, ("allowed", ["all", NOBODY])),
    ],
)
def test_what_is_written(server, wanted, written):
    queues, client = server

    client.set_access(client.queue("front"), **wanted)

    [[attribute]] = [group.attributes for group in queues.written]
    kind, names = written
    assert attribute.name == f"requesting-user-name-{kind}"
    assert attribute.values == [Value(Tag.NAME, name) for name in names]


@pytest.mark.parametrize("wanted", [{}, {"denied": [], "allowed": []}])
def test_either_denied_or_allowed_is_given(server, wanted):
    _, client = server
    with pytest.raises(ValueError, match="either"):
        client.set_access(client.queue("front"), **wanted)


def test_an_option_must_be_given(server):
    _, client = server
    with pytest.raises(ValueError, match="no option"):
        client.set_options(client.queue("front"))
