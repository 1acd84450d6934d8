"""The API's root; and whatever goes wrong below /api/ is a problem (RFC 9457) that tells no secret."""

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from printmgmt.api.media import MAX_BODY_BYTES

PEOPLE = "/api/v1/people"


@pytest.fixture(autouse=True)
def endpoints(settings: Settings, db: None) -> None:
    settings.ROOT_URLCONF = "tests.printmgmt.api.urls"


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def problem_of(answer: Any) -> Mapping[str, Any]:
    """The problem of an answer, after what holds for every one."""
    body: Mapping[str, Any] = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == answer["X-Request-ID"]
    assert "inside" not in answer.content.decode()
    return body


def test_the_root_tells_version_and_addresses(client: Client, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://print.contoso.example"
    settings.ROOT_URLCONF = "printmgmt.urls"

    answer = client.get("/api/v1/")

    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert answer.json() == {
        "version": "v1",
        "resources": {
            "root": "https://print.contoso.example/api/v1/",
            "station": "https://print.contoso.example/api/v1/station/",
            "description": "https://print.contoso.example/api/v1/openapi.json",
        },
    }
    assert client.head("/api/v1/").status_code == 200


@pytest.mark.parametrize("path", ["/api/", "/api/v2/", "/api/v1/nothing", "/api/v1//", "/api/v1/people/"])
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_an_address_that_is_none(client: Client, path: str, method: str) -> None:
    answer = getattr(client, method)(path)

    assert problem_of(answer)["status"] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_a_method_that_an_endpoint_does_not_have(client: Client, method: str) -> None:
    answer = client.generic(method, "/api/v1/")

    assert problem_of(answer)["status"] == 405
    assert answer["Allow"] == "GET, HEAD"


def test_a_form_of_answer_that_there_is_not(client: Client) -> None:
    assert problem_of(client.get("/api/v1/", headers={"Accept": "text/html"}))["status"] == 406
    for accept in ("*/*", "application/*", "application/json", "text/html, application/json;q=0.5"):
        assert client.get("/api/v1/", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]
)
def test_a_body_of_another_kind(client: Client, kind: str) -> None:
    assert problem_of(client.post(PEOPLE, b"name=x", content_type=kind))["status"] == 415


@pytest.mark.parametrize("body", [b"{", b"[NaN]", b'{"name": "\xff"}', b"[" * 100_000, b"\0", b'{"a": 1}}'])
def test_a_body_that_is_no_json(client: Client, body: bytes) -> None:
    assert problem_of(client.post(PEOPLE, body, content_type="application/json"))["status"] == 400


def test_a_body_that_is_too_large(client: Client) -> None:
    answer = client.post(PEOPLE, b" " * (MAX_BODY_BYTES + 1), content_type="application/json")

    assert problem_of(answer)["status"] == 413


def test_a_body_without_length(client: Client) -> None:
    answer = client.post(
        PEOPLE, b"{}", content_type="application/json", headers={"Transfer-Encoding": "chunked"}
    )

    assert problem_of(answer)["status"] == 411


def test_errors_in_a_body_have_pointers(client: Client) -> None:
    body = {"name": "too long", "copies": [1, "two"]}

    answer = client.post(PEOPLE, body, content_type="application/json")

    problem = problem_of(answer)
    assert problem["status"] == 400
    assert [error["pointer"] for error in problem["errors"]] == ["#/name", "#/copies/1"]
    assert problem["errors"][1]["detail"] == "A valid integer is required."
    for whole in (["no object"], {"name": "none", "copies": []}):
        errors = problem_of(client.post(PEOPLE, whole, content_type="application/json"))["errors"]
        assert [error["pointer"] for error in errors] == ["#"]


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        ("crash", 500),
        ("forbidden", 403),
        ("suspicious", 400),
        ("cut-off", 408),
        ("database-away", 503),
        ("throttled", 429),
    ],
)
def test_a_failure_says_nothing_of_the_inside(
    client: Client, failure: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get(f"/api/v1/fail/{failure}")

    assert problem_of(answer)["status"] == status
    assert answer.get("Retry-After") == {503: "30", 429: "7"}.get(status)
    assert bool([record for record in caplog.records if record.levelno == logging.ERROR]) is (status >= 500)


def test_an_endpoint_is_closed_unless_it_says_otherwise(client: Client) -> None:
    assert problem_of(client.get("/api/v1/closed"))["status"] == 403


def test_a_token_opens_what_accepts_it(client: Client) -> None:
    assert client.get("/api/v1/guarded", headers={"Authorization": "Bearer good"}).status_code == 200
    for headers in ({}, {"Authorization": "Bearer bad"}):
        answer = client.get("/api/v1/guarded", headers=headers)
        assert problem_of(answer)["status"] == 401
        assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_bad_host_and_a_crash_around_a_view(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert problem_of(client.get("/api/v1/", headers={"Host": "evil.example"}))["status"] == 400

    def crash(*args: object) -> None:
        raise ValueError("a secret of the inside")

    monkeypatch.setattr("printmgmt.api.base.ApiView.dispatch", crash)
    assert problem_of(client.get("/api/v1/"))["status"] == 500


def test_no_csrf_token_is_asked_for_and_words_do_not_depend_on_the_reader(client: Client) -> None:
    french = {"Origin": "https://evil.example", "Accept-Language": "fr"}

    answer = client.post(PEOPLE, {}, content_type="application/json", headers=french)

    assert problem_of(answer)["errors"][0]["detail"] == "This field is required."
