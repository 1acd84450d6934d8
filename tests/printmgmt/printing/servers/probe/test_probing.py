"""The test of a real CUPS tells its policies apart, prints nothing, and leaves nothing behind."""

import re
from typing import Any

import pytest
from django.core.cache import cache

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.client import Client, Login
from printmgmt.printing.ipp.errors import NotNow, WrongLogin
from printmgmt.printing.ipp.jobs import JobCalls
from printmgmt.printing.ipp.transport import Transport
from printmgmt.printing.models import PrintServer
from printmgmt.printing.servers.exceptions import AlreadyTesting
from printmgmt.printing.servers.findings.holds import BLOCK
from printmgmt.printing.servers.probe.found import Compares, Found, Right, Skipped, Who
from printmgmt.printing.servers.probe.probing import probe, probe_server
from tests import factories
from tests.printmgmt.printing.servers.conftest import Adding

pytestmark = pytest.mark.django_db

TWO_LINES = BLOCK.replace("Hold-Job Release-Job Restart-Job Set-Job-Attributes", "Release-Job").replace(
    " CUPS-Authenticate-Job", ""
)
CLAIMED = TWO_LINES.replace("    AuthType Default\n", "")
OPEN = re.sub(r" +(AuthType|Require).*\n", "", BLOCK)
OWNERS = {Who.OWNER, Who.OWNER_LOGIN}
MARK = "printmgmt-probe-0123456789ab"


def tried(cups: PrivateCups, mark: str = MARK) -> Found:
    """What a test of this server finds."""
    login = Login(OPERATOR, cups.passwords[OPERATOR])
    with Client(ServerAddress.parse(cups.uri), login=login) as client:
        return probe(client, mark=mark, operator=OPERATOR)


def rights(found: Found, policy: str = "default") -> dict[str, set[Who]]:
    of = found.policy(policy)
    assert of is not None
    return {right.value: set(of.who_may(right)) for right in Right}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every request that is sent."""
    sent: list[str] = []
    exchange = Transport._exchange

    def counted(self: Transport, *args: Any, **named: Any) -> bytes:
        sent.append(named["asked"])
        return exchange(self, *args, **named)

    monkeypatch.setattr(Transport, "_exchange", counted)
    return sent


def test_stock(cups: PrivateCups) -> None:
    cups.add_queue("front")
    cups.submit("front", "alice", hold="indefinite")

    found = tried(cups)

    everyone = OWNERS | {Who.OPERATOR_NAME}
    assert rights(found) == {right.value: everyone for right in Right} | {
        "change": everyone | {Who.ROOT_NAME}
    }
    (policy,) = found.policies
    assert (policy.name, policy.queues, policy.needs_login, policy.skipped) == ("default", 1, False, "")
    assert (policy.owners_shown, policy.titles_shown) == (False, False)
    assert (policy.operator_sees_owners, policy.operator_name_sees_owners) == (True, True)
    assert not policy.holds_stay
    assert (found.max_jobs, found.open_jobs, found.kept_seconds, found.max_hold_seconds) == (
        500,
        1,
        86_400,
        0,
    )
    assert (found.compares, found.left_over, found.queues) == (Compares.LOCAL_PART, 0, 1)
    assert found.cups_version.startswith("2.4")


def test_two_lines_close_two_of_six(own_cups: PrivateCups) -> None:
    own_cups.add_queue("front")
    own_cups.policy(TWO_LINES)

    seen = rights(tried(own_cups))

    assert (seen["release"], seen["move"]) == (set(), set())
    assert seen["change"] >= OWNERS
    assert seen["restart"] >= OWNERS
    assert seen["authenticate"] >= OWNERS


def test_two_lines_without_a_password_believe_the_operators_name(own_cups: PrivateCups) -> None:
    own_cups.add_queue("front")
    own_cups.policy(CLAIMED)

    seen = rights(tried(own_cups))

    assert (seen["release"], seen["move"]) == ({Who.OPERATOR_NAME}, {Who.OPERATOR_NAME})


def test_the_block_closes_all(own_cups: PrivateCups) -> None:
    own_cups.add_queue("front")
    own_cups.policy(BLOCK)

    found = tried(own_cups)

    assert rights(found) == {right.value: set() for right in Right}
    assert found.policies[0].holds_stay
    assert found.policies[0].needs_login is False
    own_cups.submit("front", "alice")  # and people still print


def test_open(own_cups: PrivateCups) -> None:
    own_cups.add_queue("front")
    own_cups.policy(OPEN, JobPrivateValues="none")

    found = tried(own_cups)

    assert all(who >= {Who.STRANGER, Who.ANY_LOGIN} for who in rights(found).values())
    assert (found.policies[0].owners_shown, found.policies[0].titles_shown) == (True, True)


def test_each_policy_in_use_is_tried_once(cups: PrivateCups, asked: list[str]) -> None:
    cups.add_queue("front")
    cups.add_queue("back")
    tried(cups)
    of_one = len(asked)
    cups.add_queue("secret", attributes=["name printer-op-policy authenticated"])
    asked.clear()

    found = tried(cups)

    assert [(policy.name, policy.names, policy.needs_login) for policy in found.policies] == [
        ("authenticated", ["secret"], True),
        ("default", ["back", "front"], False),
    ]
    assert set().union(*rights(found, "authenticated").values()) == {Who.OWNER_LOGIN}
    # Lists are read queue by queue, until one is open to all, and again for one that has a name to try.
    assert (of_one, len(asked)) == (27, 48)
    assert asked.count("HEAD /admin/conf/cupsd.conf") <= 1


def test_nothing_is_printed_and_nothing_stays(cups: PrivateCups, asked: list[str]) -> None:
    cups.add_queue("front")
    cups.add_queue("auth", attributes=["name printer-op-policy authenticated"])

    tried(cups)

    assert cups.jobs() == []
    assert not {"Print-Job", "Send-Document", "CUPS-Add-Modify-Printer"} & set(asked)
    assert list((cups.folder / "spool").glob("d*")) == []


def test_queues_that_cannot_be_tried_say_why(own_cups: PrivateCups) -> None:
    own_cups.add_queue("front", accepting=False)
    assert tried(own_cups).policies[0].skipped == Skipped.NOT_ACCEPTING
    own_cups.add_queue("front", attributes=["name requesting-user-name-allowed alice"])
    assert tried(own_cups).policies[0].skipped == Skipped.CLOSED
    # What the file says is known all the same.
    assert rights(tried(own_cups))["restart"] == OWNERS | {Who.OPERATOR_NAME}


def test_a_server_that_is_full_says_so() -> None:
    with PrivateCups({"MaxJobs": "1"}) as cups:
        cups.submit(cups.add_queue(), "alice", hold="indefinite")

        found = tried(cups)

    assert (found.policies[0].skipped, found.open_jobs, found.max_jobs) == (Skipped.FULL, 1, 1)


def test_a_server_without_queues(cups: PrivateCups) -> None:
    found = tried(cups)

    assert (found.is_cups, found.queues, found.policies, found.max_jobs) == (True, 0, (), 500)


def test_how_names_are_compared_is_read_off_a_list_that_is_there(cups: PrivateCups) -> None:
    cups.add_queue("front", attributes=["name requesting-user-name-denied eve"])
    assert tried(cups).compares == Compares.LOCAL_PART
    cups.add_queue("front", attributes=["name requesting-user-name-allowed alice,bob"])
    assert tried(cups).compares == Compares.LOCAL_PART


def test_owners_hidden_from_the_operator_are_noticed(own_cups: PrivateCups) -> None:
    own_cups.add_queue("front")
    own_cups.policy(JobPrivateAccess="all")

    assert tried(own_cups).policies[0].operator_sees_owners is False


def test_a_test_that_breaks_in_the_middle_cleans_up(
    cups: PrivateCups, monkeypatch: pytest.MonkeyPatch
) -> None:
    cups.add_queue("front")

    def broken(*_args: object) -> None:
        raise NotNow

    monkeypatch.setattr(JobCalls, "move", broken)
    with pytest.raises(NotNow):
        tried(cups)

    assert cups.jobs() == []


def test_what_a_test_left_behind_is_removed_by_the_next(cups: PrivateCups) -> None:
    cups.add_queue("front")
    cups.add_queue("auth", attributes=["name printer-op-policy authenticated"])
    left = cups.submit("front", MARK, hold="indefinite")
    login = Login(OPERATOR, cups.passwords[OPERATOR])
    with Client(ServerAddress.parse(cups.uri), login=login) as client:
        client.create_job("auth", MARK, title=MARK, as_operator=True)
    others = cups.submit("front", "printmgmt-probe-of-another", hold="indefinite")

    found = tried(cups)

    assert [int(job["job-id"]) for job in cups.jobs()] == [others]
    assert (found.open_jobs, found.left_over, left < others) == (1, 0, True)


def test_jobs_that_cannot_be_removed_are_counted(cups: PrivateCups, monkeypatch: pytest.MonkeyPatch) -> None:
    cups.add_queue("front")

    def broken(*_args: object, **_named: object) -> None:
        raise NotNow

    monkeypatch.setattr(JobCalls, "cancel", broken)

    assert tried(cups).left_over == 2  # both were released by the test itself


def test_what_was_found_is_kept_and_told(server: PrintServer, cups: PrivateCups) -> None:
    cups.add_queue("front")

    found = probe_server(server, by=factories.TESTER)

    server.refresh_from_db()
    assert Found.of(server.probe) == found
    assert server.probed_at is not None
    assert (server.version, server.max_jobs) == (found.cups_version, 500)
    assert AuditEvent.objects.filter(verb="print-server.tested", object_id=str(server.pk)).count() == 1
    assert cups.passwords[OPERATOR] not in str(server.probe)


def test_a_failed_test_keeps_what_the_last_one_found(
    contoso: Organization, own_cups: PrivateCups, adding: Adding
) -> None:
    server = adding(contoso, own_cups)
    own_cups.add_queue("front")
    probe_server(server, by=factories.TESTER)
    own_cups.passwords[OPERATOR] = "another"
    own_cups.add_user("someone", "else")  # has the password written, too

    with pytest.raises(WrongLogin):
        probe_server(server, by=factories.TESTER)
    own_cups.stop()
    with pytest.raises(NotNow):
        probe_server(server, by=factories.TESTER)

    assert Found.of(PrintServer.objects.get().probe) is not None
    assert AuditEvent.objects.filter(verb="print-server.tested").count() == 1


def test_two_tests_at_once_do_not_purge_each_others_jobs(server: PrintServer) -> None:
    cache.add(f"print-server-test:{server.pk}", True, 60)

    with pytest.raises(AlreadyTesting):
        probe_server(server, by=factories.TESTER)


def test_what_another_version_kept_is_read_as_never_tested() -> None:
    assert Found.of({}) is None
    assert Found.of({"version": 0, "policies": []}) is None
    assert Found.of({"version": 1}) is None
    kept = Found(is_cups=True).as_json()
    assert Found.of(kept) == Found(is_cups=True)
