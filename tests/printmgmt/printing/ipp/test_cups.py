"""A real cupsd with Debian's stock policy; `lp` submits and `ipptool` judges, which share no code with us."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from demo.cupsd import OPERATOR, STUCK_DEVICE, PrivateCups
from printmgmt.printing.ipp import errors, forms
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.attributes import JobState, QueueState
from printmgmt.printing.ipp.client import Client, Login
from printmgmt.printing.ipp.codec import Attribute, Group, Value
from printmgmt.printing.ipp.operations import Operation
from printmgmt.printing.ipp.queues import NOBODY
from printmgmt.printing.ipp.values import Tag


def connect(cups: PrivateCups, user: str = OPERATOR, password: str = "") -> Client:
    return Client(ServerAddress.parse(cups.uri), login=Login(user, password or cups.passwords[user]))


@pytest.fixture
def client(cups: PrivateCups) -> Iterator[Client]:
    with connect(cups) as client:
        yield client


def test_the_login(cups):
    with connect(cups) as client:
        client.check_login()
        assert "<Policy default>" in client.read_configuration()
    with connect(cups, password="wrong") as client, pytest.raises(errors.WrongLogin):
        client.check_login()
    with connect(cups, "alice") as client, pytest.raises(errors.Forbidden) as caught:
        client.check_login()
    assert not isinstance(caught.value, errors.WrongLogin)


def test_a_wrong_password_does_not_act_as_whoever_states_the_operators_name(cups):
    """With stock policy the name alone would do: cupsd takes a wrong password for none."""
    queue = cups.add_queue("front")
    job = cups.submit(queue, "alice", hold="indefinite")
    with connect(cups, password="wrong") as client:
        for attempt in (lambda: client.release(job), lambda: client.job(job), lambda: next(client.jobs())):
            with pytest.raises(errors.WrongLogin):
                attempt()

    assert cups.job(job)["job-state"] == JobState.HELD


def test_a_server_without_queues_has_none(client):
    assert client.queues() == []


def test_queues_as_ipptool_sees_them(cups, client):
    cups.add_queue(
        "front", attributes=["keyword job-hold-until-default indefinite", 'text printer-info "Front desk"']
    )
    cups.add_queue("back", stopped=True, accepting=False, shared=False)
    cups.submit("front", "alice")

    back, front = sorted(client.queues(), key=lambda queue: queue.name)

    assert (front.name, front.state, front.accepting, front.shared) == ("front", QueueState.IDLE, True, True)
    assert (front.hold_default, front.op_policy, front.info) == ("indefinite", "default", "Front desk")
    assert (front.queued_jobs, front.device_uri) == (1, "file:///dev/null")
    assert (back.state, back.state_reasons, back.accepting, back.shared) == (
        QueueState.STOPPED,
        ("paused",),
        False,
        False,
    )
    judged = cups.ipptool("Get-Printer-Attributes", "keyword requested-attributes all", queue="front").groups[
        0
    ]
    assert front.uuid == judged["printer-uuid"]
    assert front.cups_version == judged["cups-version"]
    assert abs(front.up_time - judged["printer-up-time"]) < 60
    assert client.queue("front").uuid == front.uuid


def test_a_queue_that_shuts_out_the_operator_is_listed(cups, client):
    cups.add_queue("front", attributes=[f"name requesting-user-name-denied {OPERATOR}"])

    [listed] = client.queues()
    assert (listed.name, listed.denied, listed.list_known) == ("front", (), False)
    assert (client.queue("front").denied, client.queue("front").list_known) == ((OPERATOR,), True)
    assert client.as_user(OPERATOR).queues() == []


def test_an_unknown_queue_is_gone(client):
    with pytest.raises(errors.Gone):
        client.queue("nowhere")
    with pytest.raises(errors.Gone):
        client.pause_queue("nowhere")


def test_jobs_as_ipptool_sees_them(cups, client):
    queue = cups.add_queue("front")
    waiting = cups.submit(queue, "alice", title="Contrat été", hold="indefinite", options=["job-priority=7"])
    printed = cups.submit(queue, "bob", title="Letter")
    client.move(waiting, queue)

    jobs = {job.id: job for job in client.jobs(first_id=waiting)}

    assert list(jobs) == [job["job-id"] for job in cups.jobs()] == [waiting, printed]
    job, judged = jobs[waiting], cups.job(waiting)
    assert (job.owners, job.title, job.printer_name) == (("alice",), "Contrat été", "front")
    assert (job.state, job.hold_until, job.priority) == (JobState.HELD, "indefinite", 7)
    assert (job.uuid, job.host, job.size_kb) == (judged["job-uuid"], "localhost", judged["job-k-octets"])
    assert job.created_at == datetime.fromtimestamp(judged["time-at-creation"], UTC)
    assert (job.completed_at, job.impressions, job.sheets) == (None, 0, 0)
    assert client.job(waiting) == job


@pytest.mark.parametrize("page", [1, 2, 3, 500])
def test_no_job_is_lost_between_pages(cups, client, page):
    """Of one with the lowest priority, pages of `not-completed` would lose sight."""
    queue = cups.add_queue("front", stopped=True)
    ids = [cups.submit(queue, "alice", options=[f"job-priority={priority}"]) for priority in (50, 1, 100)]

    assert [job.id for job in client.jobs(first_id=ids[0], page=page)] == ids
    assert [job.id for job in client.jobs(first_id=ids[1], page=page)] == ids[1:]


def test_owners_are_hidden_from_others(cups, client):
    job = cups.submit(cups.add_queue("front"), "alice", hold="indefinite")

    seen = client.as_user("bob").job(job)

    assert (seen.owners, seen.title) == ((), None)
    assert client.as_user("alice").job(job).owners == ("alice",)


def test_hold_release_cancel(cups, client):
    queue = cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    job = cups.submit(queue, "alice")

    client.hold(job)
    assert (cups.job(job)["job-state"], cups.job(job)["job-hold-until"]) == (JobState.HELD, "indefinite")
    client.hold(job, "night")
    assert cups.job(job)["job-hold-until"] == "night"
    client.hold(job, "23:59:00")
    assert client.job(job).hold_until == cups.job(job)["job-hold-until"] == "23:59:00"
    client.release(job)
    assert client.job(job).state == cups.job(job)["job-state"] == JobState.PENDING
    client.cancel(job)
    assert client.job(job).state == cups.job(job)["job-state"] == JobState.CANCELED
    for attempt in (client.hold, client.cancel):
        with pytest.raises(errors.NotPossible):
            attempt(job)
    client.restart(job)
    assert cups.job(job)["job-state"] == JobState.PENDING
    client.cancel(job, purge=True)
    for attempt in (client.hold, client.release, client.cancel, client.restart, client.job):
        with pytest.raises(errors.Gone):
            attempt(job)


def test_a_job_is_moved_to_the_device(cups, client):
    """What a secure release is: a stopped queue, from which the operator moves jobs out."""
    waiting, device = cups.add_queue("waiting", stopped=True), cups.add_queue("device", stopped=True)
    job = cups.submit(waiting, "alice", options=["job-hold-until=no-hold"])
    assert client.job(job).state is JobState.PENDING

    client.move(job, device)

    assert client.job(job).printer_name == "device"
    assert cups.job(job)["job-printer-uri"].endswith("/printers/device")
    with pytest.raises(errors.Gone):
        client.move(job, "nowhere")


def test_queues_are_paused_and_resumed(cups, client):
    queue = cups.add_queue("front")

    client.pause_queue(queue)
    assert client.queue(queue).state is QueueState.STOPPED
    with pytest.raises(errors.Forbidden):
        client.as_user("alice").resume_queue(queue)
    client.resume_queue(queue)
    assert client.queue(queue).state is QueueState.IDLE


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["alice", "CONTOSO\\alice", "josé@contoso.example", "山田 太郎"], id="all sorts"),
        pytest.param(["none"], id="somebody called none"),
        pytest.param(["All"], id="somebody called All"),
        pytest.param([f"person{number:04}" for number in range(1000)], id="a thousand"),
    ],
)
@pytest.mark.parametrize("kind", ["denied", "allowed"])
def test_a_list_of_names_reads_back_as_it_was_written(cups, client, kind, names):
    queue = client.queue(cups.add_queue("front"))

    after = client.set_access(queue, **{kind: names})

    assert set(names) <= set(getattr(after, kind)) <= {*names, NOBODY}
    judged = cups.ipptool("Get-Printer-Attributes", "keyword requested-attributes all", queue="front").groups[
        0
    ]
    written = judged[f"requesting-user-name-{kind}"]
    assert set(getattr(after, kind)) == set(written if isinstance(written, list) else [written])


def test_a_closed_queue_refuses_and_an_open_one_does_not(cups, client):
    queue = client.queue(cups.add_queue("front"))

    queue = client.set_access(queue, denied=["alice"])
    with pytest.raises(errors.Forbidden):
        client.create_job("front", "alice")
    # Denied people are not refused by Validate-Job: it proves nothing.
    client.validate_job("front", "alice")
    client.create_job("front", "bob")
    queue = client.set_access(queue, allowed=[])
    assert (queue.denied, queue.allowed) == ((), (NOBODY,))
    for owner in ("alice", "bob"):
        with pytest.raises(errors.Forbidden):
            client.create_job("front", owner)
    queue = client.set_access(queue, denied=[])
    assert (queue.denied, queue.allowed) == ((), ())
    client.create_job("front", "alice")


def test_a_class_has_a_list_of_its_own(cups, client):
    for name in ("front", "back"):
        cups.add_queue(name)
    members = [Value(Tag.URI, f"ipp://{cups.host}/printers/{name}") for name in ("front", "back")]
    client._ask(
        Operation.CUPS_ADD_MODIFY_CLASS,
        client._queue_target("both", is_class=True),
        group=Group(4, [Attribute("member-uris", members), forms.boolean("printer-is-accepting-jobs", True)]),
    )
    queue = client.queue("both")
    assert (queue.is_class, queue.members) == (True, ("front", "back"))

    after = client.set_access(queue, denied=["alice"])

    assert (after.denied, after.members) == (("alice",), ("front", "back"))
    assert client.queue("front").denied == ()
    with pytest.raises(errors.Forbidden):
        client.create_job("both", "alice")


def test_options_of_a_queue(cups, client):
    queue = client.queue(cups.add_queue("front"))

    after = client.set_options(queue, job_hold_until_default="indefinite", printer_op_policy="authenticated")

    assert (after.hold_default, after.op_policy) == ("indefinite", "authenticated")
    with pytest.raises(errors.Forbidden):
        client.create_job("front", "alice")
    assert client.job(client.create_job("front", "alice", as_operator=True)).owners == (OPERATOR,)


def test_a_job_without_a_document_prints_nothing(cups, client):
    cups.add_queue("front")
    job = client.create_job("front", "somebody odd", title="Test")
    assert client.job(job).owners == ("somebody odd",)
    assert client.job(job).state is JobState.HELD

    client.release(job)

    assert client.job(job).state is JobState.ABORTED


def test_what_a_stranger_may_not(cups, client):
    queue = cups.add_queue("front", stopped=True)
    job = cups.submit(queue, "alice", hold="indefinite")
    stranger = client.as_user("bob")

    for attempt in (
        lambda: stranger.hold(job),
        lambda: stranger.release(job),
        lambda: stranger.cancel(job),
        lambda: stranger.move(job, queue),
        lambda: stranger.set_priority(job, 1),
        lambda: stranger.pause_queue(queue),
        lambda: stranger.set_access(stranger.queue(queue), denied=["alice"]),
    ):
        with pytest.raises(errors.Forbidden):
            attempt()
    client.as_user("alice").set_priority(job, 3)
    assert cups.job(job)["job-priority"] == 3


def test_a_forged_owner_makes_two(cups, client):
    cups.add_queue("front")
    forged = Group(2, [Attribute("job-originating-user-name", [Value(Tag.NAME, "bob")])])
    alice = client.as_user("alice")
    answer = alice._ask(Operation.CREATE_JOB, alice._queue_target("front"), group=forged)
    [job_id] = [value.value for group in answer.groups for value in group.values("job-id")]

    assert client.job(job_id).owners == ("alice", "bob")


def test_two_holds_of_one_job_are_read_as_cups_acts_on_them(own_cups):
    """Also after a restart, when cupsd has read the job from its file."""
    own_cups.add_queue("front")
    name, keyword = Value(Tag.NAME, "indefinite"), Value(Tag.KEYWORD, "night")
    both = Group(2, [Attribute("job-hold-until", [name]), Attribute("job-hold-until", [keyword])])
    with connect(own_cups) as client:
        alice = client.as_user("alice")
        answer = alice._ask(Operation.CREATE_JOB, alice._queue_target("front"), group=both)
        [job_id] = [value.value for group in answer.groups for value in group.values("job-id")]
        assert client.job(job_id).hold_until == "night"
        client.hold(job_id)
        assert client.job(job_id).hold_until == "indefinite"
    own_cups.restart()
    with connect(own_cups) as client:
        job = client.job(job_id)

    assert (job.state, job.hold_until) == (JobState.HELD, "indefinite")


def test_too_many_jobs_is_not_possible():
    with PrivateCups({"MaxJobs": "2"}) as cups, connect(cups) as client:
        cups.add_queue("front")
        for _ in range(2):
            client.create_job("front", "alice")

        with pytest.raises(errors.NotPossible):
            client.create_job("front", "alice")


def test_a_name_that_cupsd_does_not_have_needs_an_alias(cups):
    address = ServerAddress.parse(f"ipp://print.example:{cups.port}/")
    with (
        Client(address, resolve=lambda *_: ["127.0.0.1"]) as client,
        pytest.raises(errors.UnknownName, match="ServerAlias"),
    ):
        client.queues()


def test_a_server_that_went_away_is_not_now_and_comes_back(own_cups):
    own_cups.add_queue("front")
    with connect(own_cups) as client:
        client.check_login()
        own_cups.kill()
        for attempt in (client.queues, client.check_login, lambda: client.job(1), client.server_certificate):
            with pytest.raises((errors.NotNow, errors.BadAnswer)):
                attempt()
        own_cups.start()

        client.check_login()
        client.queues()


def test_times_are_of_this_moment(cups, client):
    cups.add_queue("front")
    job = client.job(client.create_job("front", "alice"))

    assert abs(datetime.now(UTC) - job.created_at) < timedelta(minutes=1)


@pytest.mark.parametrize("name", ["job-originating-user-name", "job-hold-until", "job-uuid", "job-priority"])
def test_nobody_hides_all_jobs_by_a_value_that_cupsd_cannot_count(cups, client, name):
    """A value with an extension tag (0x7f): cupsd announces more bytes than it sends, and lpstat waits."""
    cups.add_queue("front")
    odd = Group(2, [Attribute(name, [Value(0x7F, b"abcd")]), Attribute(name, [Value(0x7F, b"abcd")])])
    first = client.create_job("front", "alice")
    bob = client.as_user("bob")
    bob._ask(Operation.CREATE_JOB, bob._queue_target("front"), group=odd)
    client.create_job("front", "carol")

    jobs = list(client.jobs(first_id=first))

    assert [job.owners for job in jobs] == [("alice",), ("bob",), ("carol",)]
    assert client.job(jobs[1].id) == jobs[1]


def test_a_job_that_states_its_own_number_and_state_is_read_by_the_true_ones(cups, client):
    cups.add_queue("front")
    stated = [Attribute("job-id", [Value(Tag.INTEGER, 77_777)]), Attribute("job-state", [Value(Tag.ENUM, 9)])]
    bob = client.as_user("bob")
    answer = bob._ask(Operation.CREATE_JOB, bob._queue_target("front"), group=Group(2, stated * 3))
    [number] = [value.value for group in answer.groups for value in group.values("job-id")]

    [job] = client.jobs(first_id=number)

    assert (job.id, job.state) == (number, JobState.HELD)
    assert client.job(number) == job
