"""The database stopped, killed under a call, or read-only: 503 in SCIM, and the first call after it works."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from printmgmt.services import commands
from printmgmt.services.listener import listen
from printmgmt.services.process import wait_until
from tests.conftest import Server
from tests.scim_sync.client import DISABLE, Answer, Scim, a_group, a_user, op
from tests.sites import Site, own_site

Call = Callable[[Scim, str, str], Answer]

READS: dict[str, Call] = {
    "list": lambda scim, user, group: scim.get("/Users"),
    "filter": lambda scim, user, group: scim.find('userName eq "ada"'),
    "user": lambda scim, user, group: scim.user(user),
    "groups": lambda scim, user, group: scim.get("/Groups"),
    "group": lambda scim, user, group: scim.group(group),
    "search": lambda scim, user, group: scim.post({}, "/.search"),
    "root": lambda scim, user, group: scim.get("/"),
    "config": lambda scim, user, group: scim.get("/ServiceProviderConfig"),
    "unknown": lambda scim, user, group: scim.get("/nothing"),
}
WRITES: dict[str, Call] = {
    "post": lambda scim, user, group: scim.create("grace"),
    "put": lambda scim, user, group: scim.put(user, a_user("ada", displayName="Ada Byron")),
    "patch": lambda scim, user, group: scim.patch(user, op("Replace", "displayName", "A. Byron")),
    "disable": lambda scim, user, group: scim.patch(user, DISABLE),
    "delete": lambda scim, user, group: scim.delete(user),
    "post group": lambda scim, user, group: scim.create_group("Sales"),
    "put group": lambda scim, user, group: scim.put_group(group, a_group("Design", user)),
    "patch group": lambda scim, user, group: scim.patch_group(group, op("Add", "members", [{"value": user}])),
    "delete group": lambda scim, user, group: scim.delete_group(group),
    "bulk": lambda scim, user, group: scim.post({"Operations": []}, "/Bulk"),
}
CALLS = {**READS, **WRITES}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with own_site(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture
def user(site: Site) -> Iterator[str]:
    made = site.scim.create("ada", displayName="Ada Lovelace")
    assert made.status == 201, made
    yield made.id
    site.query("TRUNCATE people_printuser CASCADE")


@pytest.fixture
def group(site: Site) -> Iterator[str]:
    made = site.scim.create_group("Design")
    assert made.status == 201, made
    yield made.id
    site.query("TRUNCATE people_printgroup CASCADE")


@contextmanager
def stopped(site: Site) -> Iterator[None]:
    site.postgres.halt()
    try:
        yield
    finally:
        site.postgres.start()


@contextmanager
def read_only(site: Site) -> Iterator[None]:
    """As a standby is, and a primary whose disk is full is made."""
    set_read_only(site, "on")
    try:
        yield
    finally:
        set_read_only(site, "off")


def set_read_only(site: Site, value: str) -> None:
    """Change the setting of all connections and wait until they have it: the server reads it later."""
    site.query(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
    site.query("SELECT pg_reload_conf()")
    assert wait_until(
        lambda: str(site.query("SHOW default_transaction_read_only")[0][0]) == value, timeout=60
    )


def is_come_back_later(answer: Answer) -> bool:
    """503 with seconds to wait; that it is a SCIM error, `Answer` has made sure of."""
    return answer.status == 503 and int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("break_", [stopped, read_only])
def test_every_call_is_503_while_the_database_is_away_and_works_as_soon_as_it_is_back(
    site: Site, user: str, group: str, break_: Callable[[Site], Iterator[None]]
) -> None:
    with break_(site):  # type: ignore[attr-defined]
        answers = {name: call(site.scim, user, group) for name, call in CALLS.items()}
    back = site.scim.create("first-one-after")

    assert {name: answer.status for name, answer in answers.items()} == dict.fromkeys(CALLS, 503)
    assert all(map(is_come_back_later, answers.values()))
    assert back.status == 201, site.server.text()[-3000:]
    assert site.scim.user(user).body["active"] is True
    assert site.scim.user(user).body["displayName"] == "Ada Lovelace"


@pytest.mark.parametrize("table", ["scim_sync_scimtoken", "addons_installation", "people_printuser"])
@pytest.mark.parametrize("name", ["user", "patch", "disable", "delete", "put", "post"])
def test_a_connection_killed_under_a_call_is_503_and_the_same_call_again_works(
    site: Site, user: str, group: str, table: str, name: str
) -> None:
    killed = site.kill_while_waiting(table, lambda: CALLS[name](site.scim, user, group))

    assert is_come_back_later(killed), killed
    assert CALLS[name](site.scim, user, group).status in (200, 201, 204)


def test_an_operation_of_bulk_that_lost_its_connection_keeps_none_after_it_from_working(
    site: Site, user: str
) -> None:
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": name, "data": a_user(name)} for name in ("bob", "eve")
    ]

    answer = site.kill_while_waiting(
        "people_printuser", lambda: site.scim.post({"Operations": operations}, "/Bulk")
    )

    assert [result["status"] for result in answer.body["Operations"]] == ["503", "201"]
    assert site.scim.find('userName eq "bob"').body["totalResults"] == 0


def test_a_session_cookie_makes_a_call_no_page(site: Site) -> None:
    with stopped(site):
        answer = site.scim.get("/Users", Cookie="sessionid=abcdefghijklmnopqrstuvwxyz012345")

    assert is_come_back_later(answer)


def test_the_consoles_pages_are_a_plain_503(site: Site) -> None:
    browser = requests.Session()
    signed_in = browser.get(site.sign_in_url, timeout=120)
    signed_in.raise_for_status()
    browser.cookies.set("sessionid", "abcdefghijklmnopqrstuvwxyz012345", domain="127.0.0.1")

    with stopped(site):
        page = browser.get(f"{site.server.url}/", timeout=120)
        probe = requests.get(f"{site.server.url}/readyz", timeout=120)

    assert (page.status_code, int(page.headers["Retry-After"]) > 0) == (503, True)
    assert "Error 503" in page.text
    assert (probe.status_code, probe.json()["database"]) == (503, "unreachable")
    assert browser.get(f"{site.server.url}/", timeout=120).status_code == 200


def test_signing_in_while_the_database_is_read_only_is_a_503_and_no_lock(site: Site) -> None:
    """Attempts are counted there; an allauth limit in the cache would answer "too many" instead."""
    browser = requests.Session()
    page = f"{site.server.url}/account/login/"
    browser.get(page, timeout=120)
    typed = {
        "login": "ada@contoso.example",
        "password": "wrong",
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
    }

    with read_only(site):
        answer = browser.post(page, typed, timeout=120)

    assert (answer.status_code, int(answer.headers.get("Retry-After", 0)) > 0) == (503, True)
    assert browser.post(page, typed, timeout=120).status_code == 200


def test_connections_killed_between_calls_are_noticed_by_nobody(site: Site, user: str) -> None:
    site.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    assert [call(site.scim, user, "").status for call in (READS["user"], WRITES["patch"])] == [200, 200]


def test_a_database_host_that_says_nothing_is_503_as_well(site: Site, tmp_path: Path) -> None:
    """Its packets are lost, or the machine hangs: nobody refuses the connection."""
    with listen("127.0.0.1", 0) as mute, listen("127.0.0.1", 0) as listener:
        number, netloc = listener.fileno(), "{}:{}".format(*listener.getsockname())
        url = "postgres://postgres@{}:{}/postgres".format(*mute.getsockname())
        environment = {**site.environment, "DATABASE_URL": url}
        server = Server(commands.web(number), environment, tmp_path / "web.log", (number,))
        try:
            server.start(lambda: requests.get(f"http://{netloc}/healthz", timeout=60).ok)

            answers = [
                replace(site.scim, netloc=netloc).send(method, "/Users", a_user("ada"))
                for method in ("GET", "POST")
            ]
        finally:
            server.stop()

    assert all(map(is_come_back_later, answers))
