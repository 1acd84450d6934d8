"""Durable work with real processes: killed workers, a broker that is gone, many workers at once."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from printmgmt.work.claims import Claim
from printmgmt.work.runner import perform_due
from tests.forks import work_in_forks
from tests.printmgmt.work.chores import Chore, Chores

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
import signal
from django.utils import timezone
from printmgmt.work.runner import perform_due
from tests.printmgmt.work.chores import Chore, Chores
def act(claim):
    print(claim.row.name, flush=True)
    if claim.row.name == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
def work():
    perform_due(Chores(act))
def between():  # its lease would be over in a minute
    Chore.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now())
"""


def end_leases() -> None:
    """They would be over in a minute."""
    Chore.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now())


def test_a_worker_that_is_killed_midway_is_followed_by_another_and_poison_ends(
    child_environment: dict[str, str],
) -> None:
    for name in ("a", "poison", "b"):
        Chore.objects.create(name=name)

    workers = work_in_forks(WORKER, child_environment, times=Chores.patience.crashes + 1)

    assert [each.code for each in workers] == [-9] * 5 + [0]
    assert [each.output.split() for each in workers[:2]] == [["a", "poison"], ["b", "poison"]]
    assert set(Chore.objects.exclude(name="poison").values_list("done", "attempts")) == {(1, 1)}
    poison = Chore.objects.get(name="poison")
    assert (poison.is_open, poison.done, poison.error) == (False, 0, "Failed after 5 attempts.")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="races are proven on PostgreSQL")
def test_many_workers_perform_each_row_once() -> None:
    for number in range(40):
        Chore.objects.create(name=str(number))
    acts: list[str] = []
    together = Barrier(6)

    def worker() -> None:
        together.wait()
        perform_due(Chores(lambda claim: acts.append(claim.row.name)))
        connection.close()

    threads = [Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(acts) == Counter(str(number) for number in range(40))
    assert set(Chore.objects.values_list("done", flat=True)) == {1}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="races are proven on PostgreSQL")
def test_of_two_workers_the_one_whose_lease_ended_records_nothing() -> None:
    chore = Chore.objects.create(name="sweep")

    def hang(_claim: Claim[Chore]) -> None:
        end_leases()
        second = Thread(target=other_worker)
        second.start()
        second.join()

    def other_worker() -> None:
        perform_due(Chores())
        connection.close()

    perform_due(Chores(hang))

    chore.refresh_from_db()
    assert (chore.done, chore.attempts) == (1, 2)


def test_a_broker_that_is_gone_turns_no_committed_order_into_an_error(
    child_environment: dict[str, str], tmp_path: Path
) -> None:
    code = (
        "from django.db import transaction\n"
        "from printmgmt.work.nudges import nudge_after_commit\n"
        "with transaction.atomic():\n"
        "    nudge_after_commit('chores', 1)\n"
        "print('went on')"
    )
    environment = {**child_environment, "BROKER_URL": f"redis+socket://{tmp_path}/nobody"}

    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.endswith("went on\n"), done.stderr
