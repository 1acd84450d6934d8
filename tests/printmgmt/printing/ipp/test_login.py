"""The login goes over TLS or stays in the machine, to `/admin/`, once; nothing of the environment is used."""

from base64 import b64encode

import pytest

from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.client import Client, Login
from tests.printmgmt.printing.ipp.serving import Server, http, ipp, job_group, queue_group

OPERATOR = Login("operator", "pässword:with a colon")
BASIC = "Basic " + b64encode("operator:pässword:with a colon".encode()).decode()


def well_behaved(request, _):
    if request.method != "POST":
        return http(b"" if request.method == "HEAD" else b"<Policy default>", content_type="text/plain")
    if request.message.code == 0x0A:
        return ipp(request)
    return ipp(request, job_group(7), queue_group("front"))


def test_requests_of_the_operator_carry_the_login_and_go_to_admin():
    with Server(well_behaved) as server, Client(server.address, login=OPERATOR) as client:
        client.hold(7)
        client.job(7)
        client.pause_queue("front")

    assert {request.headers["authorization"] for request in server.requests} == {BASIC}
    posts = [request for request in server.requests if request.method == "POST"]
    assert [request.path for request in posts] == ["/admin/"] * 3
    users = [request.message.groups[0].values("requesting-user-name")[0].value for request in posts]
    assert users == ["operator"] * 3


def test_queues_are_read_by_nobody_even_with_a_login():
    with Server(well_behaved) as server, Client(server.address, login=OPERATOR) as client:
        client.queues()
        client.queue("front")

    for request in server.requests:
        assert request.path == "/"
        assert "authorization" not in request.headers
        assert request.message.groups[0].values("requesting-user-name") == []


def test_a_job_is_created_by_who_it_says_without_the_login():
    with Server(well_behaved) as server, Client(server.address, login=OPERATOR) as client:
        client.create_job("front", "alice")

    [request] = server.requests
    assert "authorization" not in request.headers
    assert request.message.groups[0].values("requesting-user-name")[0].value == "alice"


def test_a_client_of_a_user_never_sends_the_login():
    with Server(well_behaved) as server, Client(server.address, login=OPERATOR) as client:
        user = client.as_user("alice")
        user.queues()
        user.release(7)
        list(user.jobs())

    for request in server.requests:
        assert "authorization" not in request.headers
        assert request.message.groups[0].values("requesting-user-name")[0].value == "alice"


def test_the_login_is_tested_by_the_configuration():
    with Server(well_behaved) as server, Client(server.address, login=OPERATOR) as client:
        client.check_login()
        assert client.read_configuration() == "<Policy default>"

    assert [(request.method, request.path) for request in server.requests] == [
        ("HEAD", "/admin/conf/cupsd.conf"),
        ("GET", "/admin/conf/cupsd.conf"),
    ]


@pytest.mark.parametrize(
    "use", [lambda client: list(client.jobs()), lambda client: client.job(7), lambda client: client.hold(7)]
)
def test_the_login_is_tested_once_before_the_first_request_of_the_operator(use):
    """To a wrong password CUPS answers as to anyone who states this name: lists without owners, and with its
    stock policy it even holds and cancels.
    """
    with Server(well_behaved) as server, Client(server.address, login=OPERATOR) as client:
        use(client)
        use(client)

    assert [request.method for request in server.requests] == ["HEAD", "POST", "POST"]


@pytest.mark.parametrize(
    ("status", "kind"), [(401, errors.WrongLogin), (403, errors.Forbidden), (404, errors.NotSupported)]
)
def test_what_the_test_of_a_login_says(status, kind):
    with (
        Server(lambda *_: http(status=status)) as server,
        Client(server.address, login=OPERATOR) as client,
        pytest.raises(errors.IppError) as caught,
    ):
        client.check_login()

    assert type(caught.value) is kind


def test_a_refused_login_is_not_sent_again():
    """A wrong login blocks cupsd for everyone for two seconds."""
    with Server(lambda *_: http(status=401)) as server, Client(server.address, login=OPERATOR) as client:
        for attempt in [
            lambda: client.hold(7),
            client.check_login,
            lambda: client.job(7),
            lambda: list(client.jobs()),
        ]:
            with pytest.raises(errors.WrongLogin):
                attempt()

    assert len(server.requests) == 1


def test_an_error_after_a_refused_login_does_not_bring_it_back():
    with Server(lambda *_: http(status=401)) as server, Client(server.address, login=OPERATOR) as client:
        with pytest.raises(errors.WrongLogin):
            client.check_login()
        server.answer = lambda *_: http(status=503)
        with pytest.raises(errors.NotNow):
            client.queues()
        with pytest.raises(errors.WrongLogin):
            client.check_login()

    assert len(server.requests) == 2


def test_a_connection_is_closed_after_a_head():
    """cupsd 2.4.2 answers a HEAD twice; the second answer would be taken for that to the next request."""

    def twice(request, _):
        if request.method == "HEAD":
            return http(content_type="text/plain") + http(b"<html>", status=404, content_type="text/html")
        return ipp(request, job_group(7))

    with Server(twice) as server, Client(server.address, login=OPERATOR) as client:
        client.check_login()

        assert client.job(7).id == 7


@pytest.mark.parametrize("host", ["print.example.com", "192.0.2.7", "localhost", "127.0.0.1"])
@pytest.mark.parametrize("scheme", ["ipp", "http"])
def test_a_login_is_not_sent_in_clear_to_another_machine(scheme, host):
    """What counts is where the connection goes, not what the address is called."""
    address = ServerAddress.parse(f"{scheme}://{host}/")
    with Client(address, login=OPERATOR, resolve=lambda *_: ["192.0.2.7"]) as client:
        for attempt in [client.check_login, lambda: client.hold(7), lambda: list(client.jobs())]:
            with pytest.raises(errors.UnsafeConnection, match="without encryption"):
                attempt()


def test_without_a_login_nothing_of_the_operator_is_sent():
    with Server(well_behaved) as server, Client(server.address) as client:
        with pytest.raises(errors.Forbidden):
            client.check_login()
        client.release(7)

    [request] = server.requests
    assert request.path == "/"
    assert "authorization" not in request.headers


def test_neither_proxies_nor_netrc_of_the_environment_are_used(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    with (
        Server(lambda *_: http(status=500)) as proxy,
        Server(well_behaved) as server,
        Client(server.address) as client,
    ):
        monkeypatch.setenv("NETRC", str(netrc))
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.address.authority}")
        monkeypatch.setenv("no_proxy", "")
        client.queues()

    assert proxy.requests == []
    assert "authorization" not in server.requests[0].headers


def test_the_address_is_asked_for_once_and_the_name_stays():
    asked = []

    def resolve(host, port, seconds):
        asked.append((host, port))
        return ["127.0.0.1"]

    with Server(well_behaved) as server:
        port = server.address.port
        with Client(ServerAddress.parse(f"ipp://print.example:{port}/"), resolve=resolve) as client:
            client.queues()
            client.release(7)

    assert asked == [("print.example", port)]
    assert {request.headers["host"] for request in server.requests} == {f"print.example:{port}"}
    [uri] = server.requests[1].message.groups[0].values("job-uri")
    assert uri.value == f"ipp://print.example:{port}/jobs/7"


def test_what_the_resolver_forbids_is_not_connected_to():
    class Blocked(Exception):
        pass

    def resolve(*_):
        raise Blocked

    with (
        Server(well_behaved) as server,
        Client(server.address, resolve=resolve) as client,
        pytest.raises(Blocked),
    ):
        client.queues()

    assert server.requests == []


@pytest.mark.parametrize("user_name", ["", "op:erator", "op\nerator", "x" * 256])
def test_a_user_name_that_cannot_be_sent_is_refused_at_once(user_name):
    with pytest.raises(errors.UnsafeName):
        Client(ServerAddress.parse("ipps://print.example/"), login=Login(user_name, "secret"))


def test_a_login_does_not_show_its_password():
    assert "with a colon" not in f"{OPERATOR} {OPERATOR!r}"
