"""The private CUPS server: its policy is the stock one, and its life is what tests make of it."""

import os
import signal
import subprocess
import sys
import tempfile
from base64 import b64encode
from http.client import HTTPConnection
from pathlib import Path

import pytest

from demo import cups_files
from demo.commands import ROOT
from demo.cups_files import START_OF_POLICY, NoCups, stock_file
from demo.cupsd import OPERATOR, PREFIX, STUCK_DEVICE, PrivateCups
from printmgmt.printing.servers.findings.holds import BLOCK
from printmgmt.services import process
from tests import processes

HELD, PENDING, PROCESSING, COMPLETED = 4, 3, 5, 9


def status_of_login(server: PrivateCups, name: str, password: str) -> int:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    login = b64encode(f"{name}:{password}".encode()).decode()
    try:
        connection.request("HEAD", "/admin/conf/cupsd.conf", headers={"Authorization": f"Basic {login}"})
        return connection.getresponse().status
    finally:
        connection.close()


def state(server: PrivateCups, job: int) -> int:
    return int(server.job(job)["job-state"])


def ends(server: PrivateCups, job: int) -> bool:
    return process.wait_until(lambda: state(server, job) == COMPLETED, timeout=60)


def test_policies_are_those_of_the_package(cups: PrivateCups) -> None:
    stock = stock_file("cupsd.conf").read_text()
    ours = (cups.folder / "cupsd.conf").read_text()
    assert ours.partition(START_OF_POLICY)[2].strip() == stock.partition(START_OF_POLICY)[2].strip()


def test_strangers_see_neither_owner_nor_title_and_the_operator_sees_both(cups: PrivateCups) -> None:
    cups.submit(cups.add_queue(), "alice", title="Notice", hold="indefinite")
    wanted = "keyword requested-attributes all"
    (hidden,) = cups.ipptool("Get-Jobs", wanted).groups
    assert "job-originating-user-name" not in hidden
    assert "job-name" not in hidden
    (seen,) = cups.jobs()
    assert (seen["job-originating-user-name"], seen["job-name"]) == ("alice", "Notice")
    assert "alice" in cups.lpstat("-o", user=OPERATOR)
    assert "alice" not in cups.lpstat("-o")


@pytest.mark.parametrize(
    ("name", "password", "status"),
    [
        (OPERATOR, "Operator-pass1", 200),
        (OPERATOR, "wrong", 401),
        ("alice", "Alice-pass1", 403),
        ("eve", "x", 401),
    ],
)
def test_logins(cups: PrivateCups, name: str, password: str, status: int) -> None:
    assert status_of_login(cups, name, password) == status


def test_user_added_later_can_log_in(own_cups: PrivateCups) -> None:
    own_cups.add_user("second", "Second-pass1", operator=True)
    assert status_of_login(own_cups, "second", "Second-pass1") == 200


def test_owner_releases_his_own_job_under_the_stock_policy(cups: PrivateCups) -> None:
    job = cups.submit(cups.add_queue(), "alice", hold="indefinite")
    assert cups.ipptool("Release-Job", job=job, user="bob").status == "client-error-not-authenticated"
    assert state(cups, job) == HELD
    assert cups.ipptool("Release-Job", job=job, user="alice").is_ok
    assert ends(cups, job)


def test_owner_cannot_release_with_the_block_and_the_operator_can(own_cups: PrivateCups) -> None:
    job = own_cups.submit(own_cups.add_queue(), "alice", hold="indefinite")
    own_cups.policy(BLOCK)
    assert own_cups.ipptool("Release-Job", job=job, user="alice").status == "client-error-not-authenticated"
    assert own_cups.ipptool("Release-Job", job=job, login="alice").status == "client-error-forbidden"
    assert state(own_cups, job) == HELD
    own_cups.operate("Release-Job", job=job)
    assert ends(own_cups, job)


def test_policy_can_show_owners_and_go_back_to_stock(own_cups: PrivateCups) -> None:
    own_cups.submit(own_cups.add_queue(), "alice", hold="indefinite")
    for directives, is_visible in (({"JobPrivateValues": "none"}, True), ({}, False)):
        own_cups.policy(**directives)
        (job,) = own_cups.ipptool("Get-Jobs", "keyword requested-attributes all").groups
        assert ("job-originating-user-name" in job) is is_visible


def test_queue_with_the_policy_authenticated_takes_no_claimed_name(cups: PrivateCups) -> None:
    queue = cups.add_queue(attributes=["name printer-op-policy authenticated"])
    with pytest.raises(subprocess.CalledProcessError):
        cups.submit(queue, "alice")


def test_stopped_queue_prints_nothing_and_a_stuck_one_never_ends(cups: PrivateCups) -> None:
    waiting = cups.submit(cups.add_queue(stopped=True), "alice", hold="no-hold", copies=2)
    printing = cups.submit(cups.add_queue(device=STUCK_DEVICE), "alice")
    assert process.wait_until(lambda: state(cups, printing) == PROCESSING, timeout=60)
    assert state(cups, waiting) == PENDING
    assert cups.job(waiting)["copies"] == 2


def test_emptied_server_has_neither_queues_nor_classes_nor_jobs(own_cups: PrivateCups) -> None:
    queue = own_cups.add_queue("front")
    own_cups.submit(queue, "alice", hold="indefinite")
    member = f"uri member-uris ipp://{own_cups.host}/printers/front"
    accepting = "boolean printer-is-accepting-jobs true"
    own_cups.operate("CUPS-Add-Modify-Class", "GROUP printer-attributes-tag", member, accepting, queue="both")
    own_cups.submit("both", "alice")
    own_cups.remove_queues()
    assert (own_cups.queues(), own_cups.jobs()) == ([], [])


def test_policy_that_the_operator_writes_over_http_is_noticed(own_cups: PrivateCups) -> None:
    assert own_cups.has_stock_policy
    text = (own_cups.folder / "cupsd.conf").read_text() + "# changed\n"
    login = b64encode(f"{OPERATOR}:{own_cups.passwords[OPERATOR]}".encode()).decode()
    connection = HTTPConnection("127.0.0.1", own_cups.port, timeout=60)
    headers = {"Authorization": f"Basic {login}"}
    connection.request("PUT", "/admin/conf/cupsd.conf", body=text.encode(), headers=headers)
    assert connection.getresponse().status == 201
    connection.close()
    assert not own_cups.has_stock_policy


def test_two_servers_side_by_side_know_nothing_of_each_other(
    cups: PrivateCups, own_cups: PrivateCups
) -> None:
    cups.add_queue("here")
    own_cups.add_queue("there")
    assert (cups.queues(), own_cups.queues()) == (["here"], ["there"])
    assert own_cups.submit("there", "alice") == 1


def test_restart_keeps_queues_jobs_and_the_address(own_cups: PrivateCups) -> None:
    job = own_cups.submit(own_cups.add_queue("front"), "alice", hold="indefinite")
    address = own_cups.uri
    own_cups.restart()
    assert (own_cups.queues(), own_cups.uri) == (["front"], address)
    assert own_cups.job(job)["job-originating-user-name"] == "alice"


def test_killed_server_has_forgotten_what_it_had_not_written(own_cups: PrivateCups) -> None:
    queue = own_cups.add_queue("front")
    own_cups.restart()  # SIGTERM writes everything
    job = own_cups.submit(queue, "alice", hold="indefinite")
    own_cups.operate("Release-Job", job=job)
    own_cups.add_queue("back")
    own_cups.kill()
    own_cups.start()
    assert own_cups.queues() == ["front"]


def test_killed_server_leaves_no_process_that_prints(own_cups: PrivateCups) -> None:
    own_cups.submit(own_cups.add_queue(device=STUCK_DEVICE), "alice")
    assert process.wait_until(lambda: processes.descendants(own_cups.pid) != [], timeout=60)
    started = processes.descendants(own_cups.pid)
    own_cups.kill()
    assert processes.wait_for_exit(started, within=10)


def test_rebuilt_server_counts_jobs_from_one_again(own_cups: PrivateCups) -> None:
    queue = own_cups.add_queue()
    assert [own_cups.submit(queue, "alice") for _ in range(3)] == [1, 2, 3]
    own_cups.rebuild()
    assert own_cups.jobs() == []
    assert own_cups.submit(queue, "bob") == 1


def test_https_answers_on_the_same_port_with_one_certificate(own_cups: PrivateCups) -> None:
    first = own_cups.fingerprint
    own_cups.restart()
    assert own_cups.fingerprint == first
    assert len(first) == 64


def test_settings_replace_stock_lines() -> None:
    with PrivateCups({"MaxJobs": "2"}) as server:
        queue = server.add_queue()
        for _ in range(2):
            server.submit(queue, "alice", hold="indefinite")
        with pytest.raises(subprocess.CalledProcessError):
            server.submit(queue, "bob")


def test_next_start_removes_what_a_killed_one_left_and_nothing_else(cups: PrivateCups) -> None:
    program = (
        "from demo.cupsd import PrivateCups, STUCK_DEVICE\n"
        "import time\n"
        "server = PrivateCups(); server.start()\n"
        "server.submit(server.add_queue(device=STUCK_DEVICE), 'alice')\n"
        "print(server.pid, server.folder, flush=True)\n"
        "time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child.stdout:
        pid, folder = child.stdout.readline().split()
    started = [int(pid), *processes.descendants(int(pid))]
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert processes.wait_for_exit(started, within=10)
    unmarked = Path(tempfile.mkdtemp(prefix=PREFIX))

    with PrivateCups() as other:
        assert not Path(folder).exists()
        assert all(path.exists() for path in (cups.folder, other.folder, unmarked))

    assert not other.folder.exists()
    unmarked.rmdir()


def test_machine_without_cups_is_an_error_that_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cups_files, "PATH", "/nowhere")
    with pytest.raises(NoCups, match=r"not installed: cupsd, lp, lpstat, ipptool; tools/ensure-cups\.sh"):
        PrivateCups()
