"""`print_round` and `jobs`: one line of JSON each."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from demo.cupsd import PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import PrintServer
from printmgmt.printing.servers.pausing import pause_server
from tests import factories
from tests.printmgmt.printing.rounds.conftest import Adds


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str) -> Any:
        capsys.readouterr()
        call_command(*arguments)
        [line] = [line for line in capsys.readouterr().out.splitlines() if '"event":' not in line]
        return json.loads(line)

    return run


def test_a_round_says_what_is_there(
    contoso: Organization, cups: PrivateCups, server: PrintServer, run: Any
) -> None:
    ada = factories.person(contoso, "ada@contoso.example")
    queue = cups.add_queue("front", stopped=True)
    number = cups.submit(queue, "ada", title="Secret plan")
    cups.submit(queue, "somebody")
    cups.operate("Cancel-Job", job=cups.submit(queue, "ada"))

    [said] = run("print_round")["print_servers"]

    assert said.pop("read_at")
    assert said == {
        "print_server": str(server.pk),
        "organization": contoso.slug,
        "name": "Hall",
        "problem": "",
        "paused": False,
        "generation": 1,
        "printers": 1,
        "open_jobs": 2,
        "nobodys_jobs": 1,
    }
    listed = run("jobs", "--organization", contoso.slug)
    assert listed["organization"] == contoso.slug
    unknown, job = listed["jobs"]
    assert (unknown["person"], unknown["owner"], unknown["doubt"]) == (None, "somebody", "unknown")
    assert (job["person"], job["user_name"], job["doubt"]) == (str(ada.pk), "ada@contoso.example", "")
    assert (job["number"], job["state"], job["printer"]) == (number, "pending", "front")
    assert "Secret" not in json.dumps(listed)
    assert len(run("jobs", "--organization", contoso.slug, "--past")["jobs"]) == 3


def test_a_round_of_one_server_leaves_the_others(
    contoso: Organization,
    own_cups: PrivateCups,
    cups: PrivateCups,
    server: PrintServer,
    added: Adds,
    run: Any,
) -> None:
    other = added(factories.organization("Fabrikam"), own_cups)
    own_cups.stop()

    [said] = run("print_round", "--server", str(other.pk))["print_servers"]

    assert (said["problem"], said["read_at"]) == ("offline", None)
    assert PrintServer.objects.get(pk=server.pk).last_seen_at is None
    assert {row["problem"] for row in run("print_round")["print_servers"]} == {"", "offline"}


def test_a_paused_server_is_said_to_be_paused(server: PrintServer, run: Any) -> None:
    pause_server(server, by=factories.TESTER)

    [said] = run("print_round")["print_servers"]

    assert (said["paused"], said["read_at"]) == (True, None)


@pytest.mark.parametrize(
    "arguments",
    [
        ("print_round", "--server", "00000000-0000-4000-8000-000000000000"),
        ("jobs", "--organization", "nowhere"),
        ("jobs", "--organization", "nowhere\udcff"),
    ],
)
def test_what_is_not_there_is_an_error(db: None, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="There is no|This is no text"):
        call_command(*arguments)


@pytest.mark.parametrize("limit", ["-1", "x", "9" * 30])
def test_a_limit_that_is_none_is_an_error(contoso: Organization, limit: str) -> None:
    with pytest.raises(CommandError, match="--limit"):
        call_command("jobs", "--organization", contoso.slug, f"--limit={limit}")
