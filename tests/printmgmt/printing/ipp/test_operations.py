"""Only operations of the list are ever sent, and no name with a control character, through whichever door."""

import inspect
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp.client import Client, Login
from printmgmt.printing.ipp.codec import Attribute, Group, Value
from printmgmt.printing.ipp.names import cut, is_clean
from printmgmt.printing.ipp.operations import Operation, permitted
from printmgmt.printing.ipp.values import Tag
from tests.printmgmt.printing.ipp.serving import Server, http, ipp, job_group, queue_group

# Each of them acts on many jobs at once.
NEVER = {"Purge-Jobs": 0x12, "Cancel-Jobs": 0x38, "Cancel-My-Jobs": 0x39}
LOGIN = Login("operator", "secret")


def everything(request, _):
    """Agree to anything, and say that there is a queue and a job."""
    if request.method != "POST":
        return http(content_type="text/plain")
    if (
        request.message.code == Operation.GET_JOBS
        and request.message.groups[0].values("first-job-id")[0].value > 7
    ):
        return ipp(request)
    return ipp(request, job_group(7), queue_group("front"))


# Every public method of the client, called so that it does most. A new one must be added here.
DOORS = {
    "queues": lambda client: client.queues(),
    "queue": lambda client: client.queue("front"),
    "pause_queue": lambda client: client.pause_queue("front"),
    "resume_queue": lambda client: client.resume_queue("front"),
    "set_access": lambda client: client.set_access(client.queue("front"), denied=["alice"]),
    "set_options": lambda client: client.set_options(
        client.queue("front"), printer_op_policy="authenticated"
    ),
    "jobs": lambda client: list(client.jobs()),
    "job": lambda client: client.job(7),
    "hold": lambda client: client.hold(7, "night"),
    "release": lambda client: client.release(7),
    "cancel": lambda client: client.cancel(7, purge=True),
    "move": lambda client: client.move(7, "front"),
    "restart": lambda client: client.restart(7),
    "set_priority": lambda client: client.set_priority(7, 1),
    "create_job": lambda client: client.create_job("front", "alice", title="t", as_operator=True),
    "validate_job": lambda client: client.validate_job("front", "alice"),
    "check_login": lambda client: client.check_login(),
    "read_configuration": lambda client: client.read_configuration(),
    "server_certificate": lambda client: client.server_certificate(),
    "as_user": lambda client: client.as_user("alice").cancel(7),
    "close": lambda client: client.close(),
}


def test_every_public_door_sends_operations_of_the_list_only():
    methods = {name for name, _ in inspect.getmembers(Client, inspect.isfunction) if not name.startswith("_")}
    assert methods == set(DOORS)

    with Server(everything) as server:
        for use in DOORS.values():
            with Client(server.address, login=LOGIN) as client, suppress(errors.BadAnswer):
                use(client)
        sent = {request.message.code for request in server.requests if request.method == "POST"}

    assert sent.isdisjoint(NEVER.values())
    assert sent == set(Operation) - {Operation.CUPS_ADD_MODIFY_CLASS}


@pytest.mark.parametrize("code", NEVER.values(), ids=NEVER)
def test_what_cancels_many_jobs_cannot_be_sent_by_force_either(code):
    with Server(everything) as server, Client(server.address, login=LOGIN) as client:
        with pytest.raises(ValueError, match="never sent"):
            client._transport.send(code, [], path="/")
        with pytest.raises(ValueError, match="never sent"):
            client._ask(code, Attribute("printer-uri", [Value(Tag.URI, "ipp://localhost/")]))

    assert [request.method for request in server.requests] == ["HEAD"], (
        "the test of the login, and nothing else"
    )


@given(st.integers(0, 0xFFFF).filter(lambda code: code not in set(Operation)))
def test_no_other_number_is_permitted(code):
    with pytest.raises(ValueError, match="never sent"):
        permitted(code)


def test_operations_are_called_as_in_the_standards():
    assert Operation.GET_PRINTER_ATTRIBUTES.title == "Get-Printer-Attributes"
    assert Operation.CUPS_ADD_MODIFY_PRINTER.title == "CUPS-Add-Modify-Printer"


UNSAFE = ["alice\nDeviceURI file:///evil", "a\x00b", "a\rb", "a\tb", "\x7f", "a\x85b", "a\u2028b", "\ud800"]

NAMED = {
    "queue": lambda client, name: client.queue(name),
    "pause_queue": lambda client, name: client.pause_queue(name),
    "resume_queue": lambda client, name: client.resume_queue(name),
    "denied": lambda client, name: client.set_access(client.queue("front"), denied=["bob", name]),
    "allowed": lambda client, name: client.set_access(client.queue("front"), allowed=[name]),
    "hold default": lambda client, name: client.set_options(
        client.queue("front"), job_hold_until_default=name
    ),
    "policy": lambda client, name: client.set_options(client.queue("front"), printer_op_policy=name),
    "hold": lambda client, name: client.hold(7, name),
    "move": lambda client, name: client.move(7, name),
    "create: queue": lambda client, name: client.create_job(name, "alice"),
    "create: owner": lambda client, name: client.create_job("front", name),
    "create: hold": lambda client, name: client.create_job("front", "alice", hold_until=name),
    "create: title": lambda client, name: client.create_job("front", "alice", title=name),
    "validate: owner": lambda client, name: client.validate_job("front", name),
    "as_user": lambda client, name: client.as_user(name).queues(),
    "attributes": lambda client, name: list(client.jobs(attributes=[name])),
}


@pytest.mark.parametrize("use", NAMED.values(), ids=NAMED)
@pytest.mark.parametrize("name", UNSAFE, ids=ascii)
def test_no_name_with_a_control_character_is_sent(use, name):
    """CUPS up to 2.4.2 writes a line break into printers.conf as it is: what follows is a setting."""
    with Server(everything) as server, Client(server.address, login=LOGIN) as client:
        with pytest.raises(errors.UnsafeName):
            use(client, name)
        bodies = b"".join(request.body for request in server.requests)

    assert name.encode(errors="surrogatepass") not in bodies


def test_the_last_door_looks_into_collections():
    media = Value(Tag.BEGIN_COLLECTION, [Attribute("media-source", [Value(Tag.KEYWORD, "tray\n1")])])
    with (
        Server(everything) as server,
        Client(server.address) as client,
        pytest.raises(errors.UnsafeName),
    ):
        client._transport.send(
            Operation.VALIDATE_JOB, [Group(2, [Attribute("media-col", [media])])], path="/"
        )

    assert server.requests == []


@pytest.mark.parametrize("name", ["", "é" * 128])
def test_a_name_is_neither_empty_nor_longer_than_ipp_allows(name):
    with Server(everything) as server, Client(server.address) as client, pytest.raises(errors.UnsafeName):
        client.set_access(client.queue("front"), denied=[name])

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "name", ["alice", "CONTOSO\\alice", "josé@contoso.example", "jose\u0301", "山田 太郎", "é" * 127]
)
def test_names_are_sent_as_utf_8(name):
    with Server(everything) as server, Client(server.address) as client:
        client.set_access(client.queue("front"), denied=[name, "bob"])

    values = server.requests[2].message.groups[1].values("requesting-user-name-denied")
    assert values == [Value(Tag.NAME, name), Value(Tag.NAME, "bob")]


def test_a_long_title_is_cut_between_characters():
    with Server(everything) as server, Client(server.address) as client:
        client.create_job("front", "alice", title="é" * 200)

    assert server.requests[0].message.groups[0].values("job-name") == [Value(Tag.NAME, "é" * 127)]


@given(st.text(), st.integers(0, 40))
def test_cutting_keeps_whole_characters(text, octets):
    text = text.encode(errors="ignore").decode()

    short = cut(text, octets)

    assert text.startswith(short)
    assert len(short.encode()) <= octets
    assert short == text or len((short + text[len(short)]).encode()) > octets


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_ordinary_text_is_clean(text):
    assert is_clean(text)
