"""After a person is anonymized, no place has anything of them: every table, Valkey, logs, files, receipts.

Real web server, worker, Valkey and print server; on PostgreSQL, or SQLite where the suite runs on it.
"""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from addons.services import configure, get_addon, install
from demo.cupsd import PrivateCups
from directory_export.services import export_now
from printmgmt.audit.verify import problems
from printmgmt.deprovisioning.models import DeprovisionRun, Receipt
from printmgmt.deprovisioning.receipts.files import file_of
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintUser
from printmgmt.printing.models import JobState, PrintJob, QueueList, RefusedNames
from printmgmt.services import commands, process
from tests import factories, servers
from tests.conftest import Server, Worker
from tests.printmgmt.deprovisioning.retention import places
from tests.printmgmt.deprovisioning.retention.life import (
    MARKS,
    PIN,
    USER_NAME,
    Life,
    she_comes,
    she_leaves,
    the_console_knows_her,
    years_go_by,
)
from tests.scim_sync.client import HttpScim

# Four real servers, one of which has to be started again, on a machine that has other things to do.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

BY = factories.TESTER


@pytest.fixture
def talkative(
    transactional_db: None, child_environment: dict[str, str], _server: list[Server], tmp_path: Path
) -> Iterator[Server]:
    """The web server in place of the usual one, with everything our loggers have to say."""
    for usual in _server:
        usual.kill()  # the next test that wants it starts it again
    assert servers.listener is not None
    number = servers.listener.fileno()
    environment = {**child_environment, "LOG_LEVEL": "DEBUG"}
    child = Server(
        commands.web(number), environment, tmp_path / "web.log", (number,), url=settings.PUBLIC_URL
    )
    child.start()
    yield child
    child.stop()


@pytest.fixture
def own_worker(transactional_db: None, child_environment: dict[str, str], tmp_path: Path) -> Iterator[Worker]:
    """A worker that sweeps every second and says everything; not started yet."""
    environment = {**child_environment, "SWEEP_SECONDS": "1", "LOG_LEVEL": "DEBUG"}
    child = Worker(commands.worker(), environment, tmp_path / "worker.log")
    yield child
    child.stop()


@pytest.fixture
def contoso(transactional_db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def life(contoso: Organization, talkative: Server) -> Life:
    return she_comes(HttpScim.of(factories.installed(contoso)), contoso)


def _looked_at(life: Life, *paths: str) -> None:
    """Someone looks at pages of the console over HTTP."""
    cookie = f"sessionid={factories.signed_in(life.of).session.session_key}"
    where = urlsplit(settings.PUBLIC_URL)
    for path in paths:
        connection = HTTPConnection(where.hostname or "", where.port, timeout=240)
        connection.request("GET", f"/o/{life.of.slug}/{path}", headers={"Cookie": cookie})
        response = connection.getresponse()
        response.read()
        connection.close()
        assert response.status == 200, (path, response.status)


def _settled(life: Life) -> bool:
    return Receipt.objects.filter(run__person=life.id).exists()


def _what_lasts(life: Life, worker: Worker) -> str:
    steps = life.run.steps.values_list("name", "target_label", "state", "due_at", "error", "attempts")
    lists = [*RefusedNames.objects.values_list("place"), *QueueList.objects.values_list("queue")]
    return "\n".join([life.person.state, *map(str, [*steps, *lists]), worker.text()[-3000:]])


def _is_forgotten(life: Life, exports: Path) -> bool:
    is_open = not RefusedNames.objects.exists() and not QueueList.objects.exists()
    return life.person.state == PersonState.ANONYMISED and is_open and not list(places.files(exports))


def test_logs_of_web_and_worker_name_nobody(life: Life, talkative: Server, own_worker: Worker) -> None:
    own_worker.start()
    the_console_knows_her(life)
    mark = MARKS["user name"]
    _looked_at(life, f"people/?q={mark}", f"people/{life.id}/", f"leavers/?q={mark}", "people/?export=csv")
    she_leaves(life)
    assert process.wait_until(lambda: _settled(life), timeout=240), own_worker.text()[-3000:]
    _looked_at(life, f"leavers/{life.run.pk}/", f"leavers/{life.run.pk}/receipt/", f"jobs/?q={mark}")
    own_worker.stop()
    talkative.stop()

    assert '"level": "debug"' in own_worker.text()
    assert '"logger": "django.request"' in talkative.text()
    for log in (own_worker.text(), talkative.text()):
        assert places.found({**MARKS, "PIN": PIN}, [("log", log)]) == set()


def test_nothing_is_left_of_a_person_who_is_anonymized(
    life: Life, talkative: Server, own_worker: Worker, cups: PrivateCups
) -> None:
    exports = Path(settings.EXPORT_ROOT) / str(life.of.pk)
    exporting = install(life.of, get_addon("directory-export"), by=BY)
    export_now(configure(exporting, {"destination": "folder"}, by=BY), by=BY)
    the_console_knows_her(life, cups)
    # Celery's messages wait while there is no worker: they name nobody, not even now.
    queued = list(places.broker())
    assert queued
    assert places.found(MARKS, queued) == set()
    own_worker.start()
    assert process.wait_until(
        lambda: (
            PrintJob.objects.filter(owner_text=USER_NAME, state=JobState.PENDING).exists()
            and places.found(MARKS, places.files(exports)) != set()
        ),
        timeout=240,
    ), own_worker.text()[-3000:]
    she_leaves(life)
    assert process.wait_until(lambda: _settled(life), timeout=240), own_worker.text()[-3000:]
    before = {name for name, _where in places.found(MARKS, places.database())}
    assert before == set(MARKS) - {"card"}  # of a card there are only a digest and four digits
    totals = PrintJob.objects.count(), DeprovisionRun.objects.count()

    years_go_by(life)
    assert process.wait_until(lambda: _is_forgotten(life, exports), timeout=480), _what_lasts(
        life, own_worker
    )
    own_worker.stop()
    talkative.stop()

    receipts = [file_of(receipt) for receipt in Receipt.objects.filter(run__person=life.id)]
    assert receipts
    public = [("receipt", str(file)) for file in receipts]
    logs = [("log", own_worker.text()), ("log", talkative.text())]
    everything = [*places.database(), *places.broker(), *places.files(exports), *public, *logs]
    assert places.found({**MARKS, "PIN": PIN}, everything) == set()
    assert (PrintJob.objects.count(), DeprovisionRun.objects.count()) == totals
    assert PrintUser.objects.filter(organization=life.of).count() == 3
    assert list(problems(life.of)) == []
