"""Groups: created without members, who come one by one after all people; and the mistakes one can make."""

from dataclasses import dataclass
from typing import Any

import pytest

from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import Directory
from scim_sync.rehearsal.groups import GroupMapping
from scim_sync.rehearsal.job import Job
from scim_sync.rehearsal.log import Outcome
from tests.scim_sync.rehearsal.conftest import ada
from tests.scim_sync.rehearsal.recorder import Answer, RecordedRequest, Recorder, listing

IN_GROUPS = "/scim/v2/Groups"


@dataclass
class Groups:
    """The groups of a server that finds them by displayName and answers a PATCH with 204."""

    known: dict[str, str]
    refuses: str = ""

    def answer(self, request: RecordedRequest) -> Answer | None:
        if not request.target.startswith(IN_GROUPS):
            return None
        if self.refuses == request.method:
            return Answer(400, {"detail": "no"})
        if request.method == "GET":
            found = [key for key, name in self.known.items() if name.replace(" ", "+") in request.target]
            return Answer(200, listing([{"id": key, "schemas": ["group"]} for key in found]))
        if request.method == "POST":
            key = f"g{len(self.known) + 1}"
            self.known[key] = request.body["displayName"]
            return Answer(201, {**request.body, "id": key})
        return Answer(204)


@pytest.fixture
def groups(recorder: Recorder) -> Groups:
    groups = Groups({})
    recorder.answer = groups.answer
    return groups


@pytest.fixture
def directory() -> Directory:
    directory = Directory()
    directory.put(ada())
    directory.put_group("object-staff", "Print Staff", "object-ada", "object-all", "object-stranger")
    directory.put_group("object-all", "Everyone")
    return directory


def patches(recorder: Recorder) -> list[tuple[str, dict[str, Any]]]:
    """Each operation on a group: which, and what."""
    return [
        (request.target.rpartition("/")[2], operation)
        for request in recorder.sent("PATCH")
        if request.target.startswith(IN_GROUPS)
        for operation in request.body["Operations"]
    ]


def job(directory: Directory, client: Client, *, whole_lists: bool = False) -> Job:
    made = Job(directory, client, groups=GroupMapping(whole_lists=whole_lists))
    made.initial_cycle()
    return made


def test_groups_come_without_members_who_follow_one_by_one(
    directory: Directory, client: Client, recorder: Recorder, groups: Groups
) -> None:
    made = job(directory, client)

    posts = [request.body for request in recorder.sent("POST") if request.target == IN_GROUPS]
    assert [post["displayName"] for post in posts] == ["Print Staff", "Everyone"]
    assert not any("members" in post for post in posts)
    assert patches(recorder) == [
        ("g1", {"op": "Add", "path": "members", "value": [{"$ref": None, "value": target}]})
        for target in ("u1", "g2")
    ]
    assert made.log.counts(1)[Outcome.CREATED] == 3
    assert made.log.failures() == []


def test_a_group_that_is_there_is_linked_and_a_new_name_is_sent(
    directory: Directory, client: Client, recorder: Recorder, groups: Groups
) -> None:
    groups.known["g7"] = "Print Staff"
    made = job(directory, client)
    directory.put_group("object-staff", "Staff", "object-ada", "object-all", "object-stranger")
    made.incremental_cycle()

    assert ("g7", {"op": "Replace", "path": "displayName", "value": "Staff"}) in patches(recorder)
    assert made.log.counts(2)[Outcome.UPDATED] == 1


def test_who_was_taken_out_is_removed(
    directory: Directory, client: Client, recorder: Recorder, groups: Groups
) -> None:
    made = job(directory, client)
    directory.put_group("object-staff", "Print Staff", "object-all", "object-stranger")
    recorder.requests.clear()
    made.incremental_cycle()
    made.incremental_cycle()

    value = [{"$ref": None, "value": "u1"}]
    assert patches(recorder) == [("g1", {"op": "Remove", "path": "members", "value": value})]


def test_a_member_who_comes_later_is_sent_only_after_a_restart(
    directory: Directory, client: Client, recorder: Recorder, groups: Groups
) -> None:
    made = job(directory, client)
    stranger = ada(userPrincipalName="stranger@contoso.com")
    directory.put(type(stranger)("object-stranger", stranger.attributes))
    recorder.requests.clear()
    made.incremental_cycle()
    assert patches(recorder) == []

    made.restart()

    assert "u2" in {operation["value"][0]["value"] for _group, operation in patches(recorder)}


def test_whole_lists_never_remove(
    directory: Directory, client: Client, recorder: Recorder, groups: Groups
) -> None:
    made = job(directory, client, whole_lists=True)
    directory.put_group("object-staff", "Print Staff", "object-all")
    recorder.requests.clear()
    made.incremental_cycle()

    value = [{"$ref": None, "value": "g2"}]
    assert patches(recorder) == [("g1", {"op": "replace", "path": "members", "value": value})]


def test_people_are_left_out_while_their_mapping_is_off(
    directory: Directory, client: Client, recorder: Recorder, groups: Groups
) -> None:
    made = Job(directory, client, groups=GroupMapping())
    made.sends_users = False
    made.initial_cycle()

    assert [request.target for request in recorder.sent("POST")] == [IN_GROUPS, IN_GROUPS]
    assert len(patches(recorder)) == 1  # the group in the group


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_is_refused_is_a_failure_of_the_group_and_sent_again(
    directory: Directory, client: Client, recorder: Recorder, groups: Groups, method: str
) -> None:
    groups.refuses = method
    made = job(directory, client)
    assert {entry.name for entry in made.log.failures()} >= {"Print Staff"}
    failed = len(made.log.failures())

    groups.refuses = ""
    made.incremental_cycle()

    assert len(made.log.failures()) == failed
    assert len(groups.known) == 2
