"""Queues and jobs from the attributes that a server sends: what it does not say is unknown, not 0."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.attributes import (
    JOB_ATTRIBUTES,
    QUEUE_ATTRIBUTES,
    Job,
    JobState,
    Queue,
    QueueState,
)
from printmgmt.printing.ipp.codec import Attribute, Group, Value
from printmgmt.printing.ipp.errors import BadAnswer
from printmgmt.printing.ipp.values import Tag, WithLanguage
from tests.printmgmt.printing.ipp.messages import values
from tests.printmgmt.printing.ipp.serving import job_group, queue_group

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
ADDRESS = ServerAddress.parse("ipps://print.example/")
NO_VALUE = Value(Tag.NO_VALUE, None)


def integer(value: int) -> Value:
    return Value(Tag.INTEGER, value)


def name(value: str) -> Value:
    return Value(Tag.NAME, value)


def keyword(value: str) -> Value:
    return Value(Tag.KEYWORD, value)


def job_with(*attributes: tuple[str, Value], **more: Value) -> Job:
    group = job_group(7, **more)
    group.attributes.extend(Attribute(name, [value]) for name, value in attributes)
    return Job.read(group, now=NOW)


def test_what_a_job_does_not_say_is_unknown():
    job = Job.read(Group(2, job_group(7).attributes[:2]), now=NOW)

    assert job == Job(
        **{"id": 7, "uuid": None, "printer_name": "", "owners": (), "title": None, "state": JobState.HELD},
        **{"state_reasons": (), "hold_until": None, "created_at": None, "processing_at": None},
        **{"completed_at": None, "impressions": None, "sheets": None, "size_kb": None, "priority": None},
        host=None,
    )


@pytest.mark.parametrize("out_of_band", [Tag.UNKNOWN, Tag.NO_VALUE, Tag.UNSUPPORTED])
def test_what_a_server_says_is_unknown_is_unknown(out_of_band):
    nothing = Value(out_of_band, None)

    job = job_with(job_impressions_completed=nothing, job_name=nothing, time_at_completed=nothing)

    assert (job.impressions, job.title, job.completed_at) == (None, None, None)


def test_a_forged_owner_makes_two():
    assert job_with(("job-originating-user-name", name("bob"))).owners == ("alice", "bob")


def test_the_queue_of_a_job_is_read_from_the_path_only():
    job = job_with(job_printer_uri=Value(Tag.URI, "ipp://whatever:9999/printers/floor%202%2Fcolor"))

    assert job.printer_name == "floor 2/color"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([keyword("indefinite")], "indefinite"),
        ([name("23:15:00")], "23:15:00"),
        ([keyword("night"), keyword("indefinite")], "night"),
        ([name("indefinite"), keyword("no-hold")], "no-hold"),
        ([name("indefinite"), name("no-hold")], "indefinite"),
        ([], None),
    ],
)
def test_of_several_holds_the_one_counts_by_which_cups_acts(stated, expected):
    """Tried on cupsd 2.4.2: the first keyword, else the first name; Hold-Job rewrites the same."""
    assert job_with(*[("job-hold-until", value) for value in stated]).hold_until == expected


def test_times_are_exact_where_the_server_says_them_exactly():
    paris = timezone(timedelta(hours=1))
    moment = datetime(2026, 11, 28, 9, 30, tzinfo=paris)

    job = job_with(date_time_at_creation=Value(Tag.DATE_TIME, moment), time_at_creation=integer(5))

    assert job.created_at == moment


def test_seconds_of_cups_are_from_1970():
    job = job_with(time_at_creation=integer(1_795_910_927), job_printer_up_time=integer(1_795_999_999))

    assert job.created_at == datetime(2026, 11, 29, 0, 8, 47, tzinfo=UTC)


def test_seconds_of_other_servers_are_from_their_start():
    job = job_with(
        time_at_creation=integer(40), time_at_completed=integer(90), job_printer_up_time=integer(100)
    )

    assert job.created_at == NOW - timedelta(seconds=60)
    assert job.completed_at == NOW - timedelta(seconds=10)


@pytest.mark.parametrize(
    "times",
    [
        {"time_at_creation": integer(40)},
        {"time_at_creation": integer(40), "job_printer_up_time": integer(10)},
        {"time_at_creation": integer(-1), "job_printer_up_time": integer(10)},
        {"time_at_creation": NO_VALUE, "date_time_at_creation": NO_VALUE},
        {"date_time_at_creation": Value(Tag.DATE_TIME, bytes(11))},
    ],
    ids=["since when?", "from the future", "before its start", "not yet", "no date"],
)
def test_a_time_that_nobody_can_know_is_unknown(times):
    assert job_with(**times).created_at is None


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("job-state", Value(Tag.ENUM, 42)), ("job-id", name("seven")), ("job-id", NO_VALUE)],
)
def test_a_job_without_number_or_state_is_a_bad_answer(attribute, value):
    group = job_group(7)
    others = [old for old in group.attributes if old.name != attribute]

    with pytest.raises(BadAnswer):
        Job.read(Group(2, [Attribute(attribute, [value]), *others]), now=NOW)


def test_a_text_with_its_language_is_a_text():
    language = Value(Tag.NAME_WITH_LANGUAGE, WithLanguage("fr", "Contrat"))

    assert job_with(job_name=language).title == "Contrat"


def test_what_no_database_stores_is_replaced():
    assert job_with(job_name=name("a\0b")).title == "a�b"


def test_what_a_queue_does_not_say_is_unknown():
    queue = Queue.read(Group(4, queue_group("front").attributes), address=ADDRESS)

    assert queue.uri == "ipps://print.example:631/printers/front"
    assert queue.state is QueueState.IDLE
    assert (queue.accepting, queue.shared, queue.queued_jobs, queue.up_time) == (None, None, None, None)
    assert (queue.denied, queue.allowed, queue.members, queue.is_class) == ((), (), (), False)


def test_a_class_is_known_by_its_type():
    group = queue_group("all", printer_type=Value(Tag.ENUM, 0x0001))
    group.attributes.append(Attribute("member-names", [name("front"), name("back")]))

    queue = Queue.read(group, address=ADDRESS)

    assert queue.is_class
    assert queue.members == ("front", "back")
    assert queue.uri == "ipps://print.example:631/classes/all"


@pytest.mark.parametrize("missing", ["printer-name", "printer-state"])
def test_a_queue_without_name_or_state_is_a_bad_answer(missing):
    attributes = [attribute for attribute in queue_group("front").attributes if attribute.name != missing]

    with pytest.raises(BadAnswer):
        Queue.read(Group(4, attributes), address=ADDRESS)


def test_the_keyword_none_is_no_reason():
    queue = Queue.read(queue_group("front", printer_state_reasons=keyword("none")), address=ADDRESS)

    assert queue.state_reasons == ()


@pytest.mark.parametrize(
    ("uri", "name"), [("ipp://[", ""), ("", ""), ("ipp://[::1]:x/printers/", ""), ("no uri", "no uri")]
)
def test_what_is_no_uri_of_a_queue_breaks_nothing(uri, name):
    assert job_with(job_printer_uri=Value(Tag.URI, uri)).printer_name == name


@pytest.mark.parametrize("offset", [-14, 14])
@pytest.mark.parametrize("year", [1, 9999])
def test_a_time_at_the_edge_of_the_calendar_is_one_in_utc_or_unknown(year, offset):
    edge = datetime(
        year, 1 if year == 1 else 12, 1 if year == 1 else 31, 12, tzinfo=timezone(timedelta(hours=offset))
    )

    created_at = job_with(date_time_at_creation=Value(Tag.DATE_TIME, edge)).created_at

    assert created_at is None or created_at.utcoffset() == timedelta(0)


def described_by(names: tuple[str, ...]) -> st.SearchStrategy[list[Attribute]]:
    return st.lists(st.builds(Attribute, st.sampled_from(names), st.lists(values, min_size=1, max_size=2)))


@given(described_by(JOB_ATTRIBUTES))
def test_any_values_of_any_kind_are_a_job_or_a_bad_answer(attributes):
    for rest in ([], job_group(7).attributes):
        try:
            job = Job.read(Group(2, attributes + rest), now=NOW)
        except BadAnswer:
            continue
        assert job.id >= 1
        assert job.state in JobState


@given(described_by(QUEUE_ATTRIBUTES))
def test_any_values_of_any_kind_are_a_queue_or_a_bad_answer(attributes):
    for rest in ([], queue_group("front").attributes):
        try:
            queue = Queue.read(Group(4, attributes + rest), address=ADDRESS)
        except BadAnswer:
            continue
        assert queue.name
        assert queue.state in QueueState
