"""What Entra takes for an answer, and what it calls the rest."""

from typing import Any

import pytest

from scim_sync.rehearsal.answers import Failure
from scim_sync.rehearsal.client import Client
from tests.scim_sync.rehearsal.recorder import LIST_RESPONSE, Answer, Recorder, listing

USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "u1", "userName": "ada"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(404, {"detail": "no match"}), "InvalidAnchor"),
        (Answer(401, {"detail": "bad token"}), "InvalidCredentials"),
        (Answer(403, "<html>forbidden</html>", "text/html"), "InsufficientRights"),
        (Answer(400, {"detail": "bad filter"}), "ServiceIncompatibleFiltering"),
        (Answer(503, "busy", "text/plain"), "InternalServerError"),
        (Answer(200, listing([]), "application/json"), "ServiceIncompatible"),
        (Answer(200, listing([]), ""), "ServiceIncompatible"),
        (Answer(200, "<html>", "text/html"), "ServiceIncompatible"),
        (Answer(200, "{not json"), "ServiceIncompatible"),
        (Answer(200, []), "ServiceIncompatible"),
        (Answer(200, {**listing([]), "Resources": None}), "ServiceIncompatible"),
        (Answer(200, {"schemas": [LIST_RESPONSE], "totalResults": 0}), "ServiceIncompatible"),
        (Answer(200, {**listing([]), "totalResults": "0"}), "ServiceIncompatible"),
        (Answer(200, {**listing([]), "schemas": []}), "ServiceIncompatible"),
        (Answer(200, listing([{"userName": "no id"}])), "ServiceIncompatible"),
        (Answer(200, {**listing([USER]), "totalResults": 0}), "ServiceIncompatible"),
    ],
)
def test_filter_needs_a_list_response(recorder: Recorder, client: Client, answer: Answer, code: str) -> None:
    recorder.answer = lambda request: answer
    with pytest.raises(Failure) as failure:
        client.find_users({"userName": "ada"})
    assert failure.value.code == code


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(409, {"detail": "userName ada is taken"}), "EntryConflict"),
        (Answer(201, {**USER, "id": ""}), "ServiceIncompatible"),
        (Answer(201, {**USER, "id": 7}), "ServiceIncompatible"),
        (Answer(201, {"id": "u1"}), "ServiceIncompatible"),
        (Answer(201, USER, "application/json"), "ServiceIncompatible"),
        (Answer(204), "ServiceIncompatible"),
        (Answer(429, {"detail": "slow down"}), "TooManyRequests"),
    ],
)
def test_create_needs_a_resource_with_an_id(
    recorder: Recorder, client: Client, answer: Answer, code: str
) -> None:
    recorder.answer = lambda request: answer
    with pytest.raises(Failure) as failure:
        client.create_user({})
    assert failure.value.code == code


def test_refusal_quotes_the_servers_detail(recorder: Recorder, client: Client) -> None:
    recorder.answer = lambda request: Answer(409, {"detail": "userName ada is taken"})
    with pytest.raises(Failure, match="HTTP 409 userName ada is taken"):
        client.create_user({})


@pytest.mark.parametrize("answer", [Answer(204), Answer(200, USER)])
def test_patch_takes_no_content_or_the_resource(recorder: Recorder, client: Client, answer: Answer) -> None:
    recorder.answer = lambda request: answer
    client.patch_user("u1", {"Operations": []})

    assert [(request.target, request.body) for request in recorder.sent("PATCH")] == [
        ("/scim/v2/Users/u1", {"Operations": []})
    ]


def test_patch_answered_with_something_else_fails(recorder: Recorder, client: Client) -> None:
    recorder.answer = lambda request: Answer(200, {"ok": True})
    with pytest.raises(Failure, match="ServiceIncompatible"):
        client.patch_user("u1", {})


@pytest.mark.parametrize(("status", "body"), [(204, None), (200, {}), (404, {"detail": "gone"})])
def test_delete_of_what_is_gone_is_done(recorder: Recorder, client: Client, status: int, body: Any) -> None:
    recorder.answer = lambda request: Answer(status, body)
    client.delete_user("u1")

    assert [request.target for request in recorder.sent("DELETE")] == ["/scim/v2/Users/u1"]


def test_delete_that_the_server_refuses_fails(recorder: Recorder, client: Client) -> None:
    recorder.answer = lambda request: Answer(500, "oops", "text/plain")
    with pytest.raises(Failure, match="InternalServerError: HTTP 500 oops"):
        client.delete_user("u1")
