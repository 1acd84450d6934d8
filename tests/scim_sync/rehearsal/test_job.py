"""Cycles: which requests a change in the directory makes, and which it does not."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from scim_sync.rehearsal.answers import Failure
from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import Directory
from scim_sync.rehearsal.job import Job
from scim_sync.rehearsal.log import Outcome
from scim_sync.rehearsal.mappings import DEFAULT, GALLERY
from scim_sync.rehearsal.scoping import NotEquals
from tests.scim_sync.rehearsal.conftest import ada
from tests.scim_sync.rehearsal.recorder import Answer, RecordedRequest, Recorder

ADA = "object-ada"
MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

LEAVING: list[Callable[[Directory], None]] = [
    lambda directory: directory.assign(ADA, assigned=False),
    lambda directory: directory.edit(ADA, department="Contractors"),
    lambda directory: directory.delete(ADA),
    lambda directory: directory.enable(ADA, enabled=False),
]
CLAUSES = (NotEquals("department", "Contractors"),)


@pytest.fixture
def job(directory: Directory, client: Client, recorder: Recorder) -> Job:
    """A job after its initial cycle; the recorder has forgotten that cycle's requests."""
    job = Job(directory, client, DEFAULT, clauses=CLAUSES)
    job.initial_cycle()
    recorder.requests.clear()
    return job


@pytest.fixture
def gallery(directory: Directory, client: Client, recorder: Recorder) -> Job:
    """The same with PaperCut's mapping."""
    job = Job(directory, client, GALLERY, clauses=CLAUSES)
    job.initial_cycle()
    recorder.requests.clear()
    return job


def methods(recorder: Recorder) -> list[str]:
    """The requests without the probe that begins a cycle."""
    return [request.method for request in recorder.requests[1:]]


def test_test_connection_asks_for_a_random_guid(
    directory: Directory, client: Client, recorder: Recorder
) -> None:
    job = Job(directory, client)
    job.test_connection()
    job.test_connection()
    first, second = (request.target for request in recorder.requests)
    assert first.startswith("/scim/v2/Users?filter=userName+eq+%22")
    assert len(first) == len("/scim/v2/Users?filter=userName+eq+%22%22") + 36
    assert first != second


def test_connection_to_a_server_that_finds_everything_fails(
    directory: Directory, client: Client, recorder: Recorder
) -> None:
    found = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 1}
    recorder.answer = lambda request: Answer(200, {**found, "Resources": [{"id": "u9"}]})
    with pytest.raises(Failure, match="a random guid was found"):
        Job(directory, client).initial_cycle()
    assert len(recorder.requests) == 1


def test_initial_cycle_probes_matches_and_creates(
    directory: Directory, client: Client, recorder: Recorder
) -> None:
    job = Job(directory, client)
    job.initial_cycle()
    assert methods(recorder) == ["GET", "POST"]
    assert recorder.requests[1].target == "/scim/v2/Users?filter=userName+eq+%22ada%40contoso.com%22"
    assert job.log.counts(1) == {Outcome.CREATED: 1}


def test_initial_cycle_links_whom_it_finds_and_sends_the_differences(
    directory: Directory, client: Client, recorder: Recorder
) -> None:
    recorder.users["u7"] = {
        "schemas": ["x"],
        "id": "u7",
        "userName": "ada@contoso.com",
        "displayName": "A. Byron",
        "active": True,
    }
    directory.put(
        replace(ada(), attributes={"userPrincipalName": "ada@contoso.com", "displayName": "Ada Byron"})
    )
    Job(directory, client).initial_cycle()
    assert recorder.sent("POST") == []
    assert recorder.sent("PATCH")[0].target == "/scim/v2/Users/u7"
    assert recorder.patches() == [[{"op": "Replace", "path": "displayName", "value": "Ada Byron"}]]


def test_two_matches_are_an_error_and_nothing_is_written(
    directory: Directory, client: Client, recorder: Recorder
) -> None:
    for user_id in ("u1", "u2"):
        recorder.users[user_id] = {"schemas": ["x"], "id": user_id, "userName": "ada@contoso.com"}
    job = Job(directory, client)
    job.initial_cycle()
    assert [entry.code for entry in job.log.failures()] == ["DuplicateTargetEntries"]
    assert {request.method for request in recorder.requests} == {"GET"}


@pytest.mark.parametrize("leave", LEAVING)
def test_who_was_out_of_reach_from_the_start_makes_no_request(
    directory: Directory, client: Client, recorder: Recorder, leave: Callable[[Directory], None]
) -> None:
    leave(directory)
    job = Job(directory, client, clauses=CLAUSES)
    job.initial_cycle()
    assert methods(recorder) == []
    assert job.log.counts(1) == {Outcome.SKIPPED: 1}


def test_user_without_the_matching_attribute_is_skipped(
    directory: Directory, client: Client, recorder: Recorder
) -> None:
    directory.edit(ADA, userPrincipalName="")
    Job(directory, client).initial_cycle()
    assert methods(recorder) == []


def test_nothing_changed_means_only_the_probe(job: Job, recorder: Recorder) -> None:
    job.incremental_cycle()
    assert methods(recorder) == []


def test_rename_is_patched_after_a_read(job: Job, recorder: Recorder) -> None:
    job.directory.edit(ADA, userPrincipalName="ada.king@contoso.com", displayName="Ada King")
    job.incremental_cycle()
    assert methods(recorder) == ["GET", "PATCH"]
    assert recorder.requests[1].target == "/scim/v2/Users/u1"
    assert recorder.patches() == [
        [
            {"op": "Replace", "path": "userName", "value": "ada.king@contoso.com"},
            {"op": "Replace", "path": "displayName", "value": "Ada King"},
        ]
    ]
    assert job.log.counts(2) == {Outcome.UPDATED: 1}


def test_first_value_is_added(job: Job, recorder: Recorder) -> None:
    job.directory.edit(ADA, jobTitle="Countess")
    job.incremental_cycle()
    assert recorder.patches() == [[{"op": "Add", "path": "title", "value": "Countess"}]]


def test_emptied_value_is_not_sent(job: Job, recorder: Recorder) -> None:
    job.directory.edit(ADA, displayName="")
    job.incremental_cycle()
    assert methods(recorder) == ["GET"]


def test_difference_in_letter_case_is_a_difference(job: Job, recorder: Recorder) -> None:
    job.directory.edit(ADA, userPrincipalName="Ada@contoso.com")
    job.incremental_cycle()
    assert recorder.patches() == [[{"op": "Replace", "path": "userName", "value": "Ada@contoso.com"}]]


@pytest.mark.parametrize("leave", LEAVING)
def test_leaving_by_the_default_mapping_is_active_false(
    job: Job, recorder: Recorder, leave: Callable[[Directory], None]
) -> None:
    leave(job.directory)
    job.incremental_cycle()
    assert methods(recorder) == ["GET", "PATCH"]
    assert b'{"op":"Replace","path":"active","value":"False"}' in recorder.sent("PATCH")[0].raw
    assert len(recorder.patches()[0]) == 1
    assert job.log.counts(2) == {Outcome.DISABLED: 1}


def test_leaving_with_the_flag_is_a_boolean_in_lower_case(
    directory: Directory, flagged: Client, recorder: Recorder
) -> None:
    job = Job(directory, flagged)
    job.initial_cycle()
    directory.enable(ADA, enabled=False)
    job.incremental_cycle()
    assert recorder.patches() == [[{"op": "replace", "path": "active", "value": False}]]


@pytest.mark.parametrize("leave", LEAVING)
def test_leaving_by_the_gallery_mapping_is_a_delete(
    gallery: Job, recorder: Recorder, leave: Callable[[Directory], None]
) -> None:
    leave(gallery.directory)
    gallery.incremental_cycle()
    assert methods(recorder) == ["DELETE"]
    assert gallery.log.counts(2) == {Outcome.DELETED: 1}


def test_reassigned_by_the_gallery_mapping_is_a_post(gallery: Job, recorder: Recorder) -> None:
    gallery.directory.assign(ADA, assigned=False)
    gallery.incremental_cycle()
    recorder.requests.clear()
    gallery.directory.assign(ADA)
    gallery.incremental_cycle()
    assert methods(recorder) == ["GET", "POST"]


def test_disabled_already_is_not_disabled_again(job: Job, recorder: Recorder) -> None:
    recorder.users["u1"]["active"] = False
    job.directory.enable(ADA, enabled=False)
    job.incremental_cycle()
    assert methods(recorder) == ["GET"]


def test_enabled_again_is_active_true_to_the_same_id(job: Job, recorder: Recorder) -> None:
    recorder.users["u1"]["active"] = False
    job.directory.enable(ADA)
    job.incremental_cycle()
    assert methods(recorder) == ["GET", "PATCH"]
    assert recorder.requests[2].target == "/scim/v2/Users/u1"
    assert recorder.patches() == [[{"op": "Replace", "path": "active", "value": "True"}]]


def test_purged_is_a_delete(job: Job, recorder: Recorder) -> None:
    job.directory.purge(ADA)
    job.incremental_cycle()
    assert methods(recorder) == ["DELETE"]


def test_purged_after_a_deletion_is_still_a_delete(job: Job, recorder: Recorder) -> None:
    job.directory.delete(ADA)
    job.incremental_cycle()
    recorder.requests.clear()
    job.directory.purge(ADA)
    job.incremental_cycle()
    assert methods(recorder) == ["DELETE"]


def test_purged_after_unassignment_makes_no_request(job: Job, recorder: Recorder) -> None:
    job.directory.assign(ADA, assigned=False)
    job.incremental_cycle()
    recorder.requests.clear()
    job.directory.purge(ADA)
    job.incremental_cycle()
    assert methods(recorder) == []


def test_purged_after_coming_back_is_a_delete_again(job: Job, recorder: Recorder) -> None:
    for assigned in (False, True):
        job.directory.assign(ADA, assigned=assigned)
        job.incremental_cycle()
    recorder.requests.clear()
    job.directory.purge(ADA)
    job.incremental_cycle()
    assert methods(recorder) == ["DELETE"]


def test_refused_user_is_retried_in_the_next_cycle(
    directory: Directory, client: Client, recorder: Recorder
) -> None:
    job = Job(directory, client)
    refuse: Callable[[RecordedRequest], Answer | None] = lambda request: (  # noqa: E731 - one line, used once
        Answer(409, {"detail": "taken"}) if request.method == "POST" else None
    )
    recorder.answer = refuse
    job.initial_cycle()
    assert [(entry.code, entry.reason) for entry in job.log.failures()] == [
        ("EntryConflict", "HTTP 409 taken")
    ]
    recorder.answer = lambda request: None
    job.incremental_cycle()
    assert job.log.counts(2) == {Outcome.CREATED: 1}
    job.incremental_cycle()
    assert not job.log.counts(3)


def test_resource_that_vanished_is_an_invalid_anchor(job: Job, recorder: Recorder) -> None:
    recorder.users.clear()
    job.directory.edit(ADA, displayName="A")
    job.incremental_cycle()
    assert [entry.code for entry in job.log.failures()] == ["InvalidAnchor"]


def with_manager(directory: Directory) -> None:
    """Give Ada a manager who comes after her in the directory."""
    directory.put(replace(ada(userPrincipalName="boss@contoso.com"), object_id="object-boss"))
    directory.set_manager(ADA, "object-boss")


def test_manager_follows_once_both_exist_as_a_bare_id(
    directory: Directory, client: Client, recorder: Recorder
) -> None:
    with_manager(directory)
    job = Job(directory, client, workers=1)
    job.initial_cycle()
    assert methods(recorder) == ["GET", "POST", "GET", "POST", "GET", "PATCH"]
    assert recorder.requests[5].target == (
        "/scim/v2/Users?filter=id+eq+%22u1%22+and+manager+eq+%22u2%22&attributes=id"
    )
    assert recorder.patches() == [[{"op": "Add", "path": MANAGER, "value": "u2"}]]
    assert job.log.counts(1) == {Outcome.CREATED: 2}


def test_manager_with_the_flag_is_added_in_lower_case(
    directory: Directory, flagged: Client, recorder: Recorder
) -> None:
    with_manager(directory)
    Job(directory, flagged, workers=1).initial_cycle()
    assert recorder.patches() == [[{"op": "add", "path": MANAGER, "value": "u2"}]]


def test_manager_who_is_not_provisioned_is_not_sent(
    directory: Directory, client: Client, recorder: Recorder
) -> None:
    with_manager(directory)
    directory.assign("object-boss", assigned=False)
    Job(directory, client).initial_cycle()
    assert recorder.sent("PATCH") == []


def test_refused_manager_is_a_failure_of_the_user(
    directory: Directory, client: Client, recorder: Recorder
) -> None:
    with_manager(directory)
    recorder.answer = lambda request: (
        Answer(400, {"detail": "no such id"}) if request.method == "PATCH" else None
    )
    job = Job(directory, client)
    job.initial_cycle()
    assert [(e.object_id, e.reason) for e in job.log.failures()] == [(ADA, "manager: HTTP 400 no such id")]


def test_manager_read_back_as_text_is_a_failure(job: Job, recorder: Recorder) -> None:
    recorder.users["u1"][ENTERPRISE]["manager"] = "u2"
    job.directory.edit(ADA, displayName="A")
    job.incremental_cycle()
    assert [entry.code for entry in job.log.failures()] == ["ServiceIncompatible"]


def test_everybody_is_created_once_by_parallel_workers(client: Client, recorder: Recorder) -> None:
    directory = Directory()
    for number in range(40):
        directory.put(replace(ada(userPrincipalName=f"p{number}@contoso.com"), object_id=f"o{number}"))
    ticks: list[tuple[int, int]] = []
    job = Job(directory, client)
    job.initial_cycle(lambda done, total: ticks.append((done, total)))
    names = sorted(json.loads(request.raw)["userName"] for request in recorder.sent("POST"))
    assert names == sorted(f"p{number}@contoso.com" for number in range(40))
    assert ticks == [(done, 40) for done in range(1, 41)]
    assert len({link.target_id for link in job.links.values()}) == 40
