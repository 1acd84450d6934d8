"""With real processes: a Celery worker, a broker that dies, a web server that does not care."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import STEP_WORK, DeprovisionRun, DeprovisionStep, RunState, StepState
from printmgmt.organizations.models import Organization
from printmgmt.people.digests import card_digests
from printmgmt.people.models import Credential, Device, PrintUser
from printmgmt.services import commands, process
from printmgmt.services.listener import listen
from printmgmt.services.valkey import Valkey
from printmgmt.work.tasks import sweep
from scim_sync.credentials.tokens import mint_first_token
from tests import factories
from tests.conftest import Server, Worker
from tests.printmgmt.equipment import equipped
from tests.proofs import rounds

BY = factories.TESTER
ENTRA = 4
"""Requests at the same time."""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[Valkey]:
    """A broker that may be killed."""
    broker = Valkey(tmp_path / "broker")
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def own_environment(child_environment: dict[str, str], own_broker: Valkey) -> dict[str, str]:
    return {**child_environment, "BROKER_URL": own_broker.url}


@pytest.fixture
def own_worker(own_environment: dict[str, str], tmp_path: Path) -> Iterator[Worker]:
    """A worker on the broker that may be killed, sweeping every second; not started."""
    child = Worker(commands.worker(), {**own_environment, "SWEEP_SECONDS": "1"}, tmp_path / "worker.log")
    yield child
    child.stop()


@pytest.fixture
def own_server(own_environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """A web server on the broker that may be killed."""
    with listen("127.0.0.1", 0) as listener:
        number, url = listener.fileno(), "http://127.0.0.1:{1}".format(*listener.getsockname())
        environment = {**own_environment, "PUBLIC_URL": url}
        child = Server(commands.web(number), environment, tmp_path / "web.log", (number,), url=url)
        child.start()
        yield child
        child.stop()


def kill(broker: Valkey) -> None:
    assert broker._process is not None
    process.kill_group(broker._process.pid)
    broker._process.wait()


def all_settled(seconds: float) -> bool:
    unsettled = DeprovisionRun.objects.exclude(state=RunState.SETTLED)
    return process.wait_until(lambda: not unsettled.exists(), timeout=seconds, interval=0.2)


def test_nudge_settles_a_leaving_without_waiting_for_a_sweep(
    child_environment: dict[str, str], tmp_path: Path
) -> None:
    worker = Worker(commands.worker(), {**child_environment, "SWEEP_SECONDS": "3600"}, tmp_path / "log")
    worker.start()
    try:
        ada = equipped(factories.organization())
        leaving.suspend(ada.person, by=BY)

        assert all_settled(120), worker.text()
    finally:
        worker.stop()
    step = DeprovisionStep.objects.get(name="end-device-connections")
    assert step.state == StepState.DONE


def test_worker_sweeps_by_itself_while_the_broker_is_dead(own_broker: Valkey, own_worker: Worker) -> None:
    own_worker.start()
    kill(own_broker)
    ada = equipped(factories.organization())

    leaving.suspend(ada.person, by=BY)

    assert all_settled(120), own_worker.text()


def test_ten_sweeps_amid_many_tasks_leave_no_error_in_a_workers_log(
    child_environment: dict[str, str], tmp_path: Path
) -> None:
    """Before and after each task Celery closes the process's connections, beside the sweeping thread."""
    environment = {**child_environment, "SWEEP_SECONDS": "1", "LOG_LEVEL": "DEBUG"}
    worker = Worker(commands.worker(), environment, tmp_path / "log")

    def ten_sweeps_of_each_process() -> bool:
        sweep.delay(STEP_WORK)
        return worker.text().count('"swept"') >= 20

    worker.start()
    try:
        leaving.suspend(factories.person(factories.organization()), by=BY)
        assert process.wait_until(ten_sweeps_of_each_process, timeout=120, interval=0.05)
        assert all_settled(120), worker.text()[-3000:]
    finally:
        worker.stop()

    lines = [json.loads(line) for line in worker.text().splitlines() if line.startswith("{")]
    assert [line for line in lines if line["level"] in ("error", "critical")] == []
    assert "Traceback" not in worker.text()


class Printer:
    """Another process that is asked, as a printer would, whom a card stands for."""

    def __init__(self, organization: Organization, environment: dict[str, str]) -> None:
        command = [
            sys.executable,
            "manage.py",
            "identify",
            "--organization",
            organization.slug,
            "--batch",
            "-",
        ]
        self._process = subprocess.Popen(
            command,
            env=environment,
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._turn = Lock()

    def person(self, card: str) -> str | None:
        """The id of the person who holds ``card``, or None when it is refused."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with self._turn:
            stdin.write(json.dumps({"card": card}) + "\n")
            stdin.flush()
            person: str | None = json.loads(stdout.readline())["person"]
        return person

    def __enter__(self) -> "Printer":
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate(timeout=120)


def people_with_cards(of: Organization, number: int) -> dict[str, PrintUser]:
    """People by card number, each with a connected device; written in bulk."""
    people = {
        f"04{position:012d}": PrintUser(
            organization=of,
            user_name=f"p{position}@contoso.example",
            user_name_key=f"p{position}@contoso.example",
        )
        for position in range(number)
    }
    PrintUser.objects.bulk_create(people.values())
    digests = {card: next(card_digests(card)) for card in people}
    Credential.objects.bulk_create(
        Credential(
            organization=of, person=person, kind="card", key_id=digests[card][0], digest=digests[card][1]
        )
        for card, person in people.items()
    )
    Device.objects.bulk_create(
        Device(
            organization=of,
            person=person,
            name="Laptop",
            token_digest=uuid4().hex,
            connected_since=timezone.now(),
        )
        for person in people.values()
    )
    return people


@pytest.mark.parametrize("leavers", rounds(80, proof=1_000))
def test_broker_killed_and_worker_stopped_the_card_is_refused_from_the_answer_on(
    own_broker: Valkey,
    own_worker: Worker,
    own_server: Server,
    own_environment: dict[str, str],
    leavers: int,
) -> None:
    contoso = factories.organization()
    installation = factories.installed(contoso)
    token = mint_first_token(installation, by=BY)
    people = people_with_cards(contoso, leavers)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    body = json.dumps(
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "Replace", "path": "active", "value": "False"}],
        }
    )
    own_worker.start()
    own_worker.kill()
    kill(own_broker)

    def disable(client: HTTPConnection, person: PrintUser) -> int:
        client.request("PATCH", f"/scim/v2/{installation.pk}/Users/{person.pk}", body, headers)
        with client.getresponse() as answer:
            answer.read()
            return answer.status

    def let_go(cards: list[str]) -> list[tuple[str | None, int, str | None]]:
        with closing(HTTPConnection(urlsplit(own_server.url).netloc, timeout=120)) as client:
            return [
                (printer.person(card), disable(client, people[card]), printer.person(card)) for card in cards
            ]

    cards = list(people)
    with Printer(contoso, own_environment) as printer, ThreadPoolExecutor(ENTRA) as entra:
        shares = entra.map(let_go, [cards[start::ENTRA] for start in range(ENTRA)])
        outcomes = [
            (card, *answer)
            for start, share in enumerate(shares)
            for card, answer in zip(cards[start::ENTRA], share, strict=True)
        ]

    assert len(outcomes) == leavers
    assert all(before == str(people[card].pk) for card, before, _status, _after in outcomes)
    assert {status // 100 for _card, _before, status, _after in outcomes} == {2}, own_server.text()[-3000:]
    assert {after for _card, _before, _status, after in outcomes} == {None}
    assert DeprovisionRun.objects.filter(state=RunState.WORKING).count() == leavers

    own_broker.start()
    own_worker.start()

    assert all_settled(120), own_worker.text()[-3000:]
    assert DeprovisionRun.objects.count() == leavers
    assert not Device.objects.filter(connected_since__isnull=False).exists()
