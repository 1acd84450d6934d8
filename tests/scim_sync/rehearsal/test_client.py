"""What stands on the wire: addresses, escapes, headers."""

import pytest

from scim_sync.rehearsal.answers import Failure
from scim_sync.rehearsal.client import Client
from tests.scim_sync.rehearsal.recorder import TOKEN, Answer, Recorder


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("ada@contoso.com", "filter=userName+eq+%22ada%40contoso.com%22"),
        ('wim "w" wit', "filter=userName+eq+%22wim+%5C%22w%5C%22+wit%22"),
        ("corp\\eva", "filter=userName+eq+%22corp%5C%5Ceva%22"),
        ("o'malley", "filter=userName+eq+%22o%27malley%22"),
        ("a+b#c&d", "filter=userName+eq+%22a%2Bb%23c%26d%22"),
        ("100%", "filter=userName+eq+%22100%25%22"),
        ("ü名", "filter=userName+eq+%22%C3%BC%E5%90%8D%22"),
    ],
)
def test_filter_is_escaped_as_json_and_then_for_the_query(
    recorder: Recorder, client: Client, value: str, target: str
) -> None:
    client.find_users({"userName": value})
    assert recorder.requests[0].target == f"/scim/v2/Users?{target}"


def test_filter_on_a_typed_element_encodes_its_brackets(recorder: Recorder, client: Client) -> None:
    client.find_users({'emails[type eq "work"].value': "a@b.c"})
    expected = "filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22a%40b.c%22"
    assert recorder.requests[0].target == f"/scim/v2/Users?{expected}"


def test_reference_probe_joins_two_clauses_and_asks_for_the_id_only(
    recorder: Recorder, client: Client
) -> None:
    client.find_users({"id": "u1", "manager": "u2"}, attributes="id")
    expected = "filter=id+eq+%22u1%22+and+manager+eq+%22u2%22&attributes=id"
    assert recorder.requests[0].target == f"/scim/v2/Users?{expected}"


def test_id_with_a_slash_stays_one_path_segment(recorder: Recorder, client: Client) -> None:
    client.delete_user("a/b c")
    assert recorder.requests[0].target == "/scim/v2/Users/a%2Fb%20c"


def test_request_carries_the_token_and_no_user_agent(recorder: Recorder, client: Client) -> None:
    client.find_users({"userName": "x"})
    headers = recorder.requests[0].headers
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Accept"] == "application/scim+json"
    assert "User-Agent" not in headers


def test_body_is_utf8_json_of_the_scim_type(recorder: Recorder, client: Client) -> None:
    client.create_user({"schemas": ["x"], "userName": "田中"})
    assert recorder.requests[0].headers["Content-Type"] == "application/scim+json; charset=utf-8"
    assert recorder.requests[0].raw == '{"schemas":["x"],"userName":"田中"}'.encode()


@pytest.mark.parametrize("ending", ["/", "?aadOptscim062020", "/?aadOptscim062020"])
def test_tenant_url_may_end_in_a_slash_or_the_flag(recorder: Recorder, ending: str) -> None:
    with Client(recorder.url + ending, TOKEN) as client:
        client.find_users({"userName": "x"})
    assert client.flag is ("aadOptscim062020" in ending)
    assert recorder.requests[0].target == "/scim/v2/Users?filter=userName+eq+%22x%22"


def test_redirect_is_a_failure_and_not_followed(recorder: Recorder, client: Client) -> None:
    recorder.answer = lambda request: Answer(301)
    with pytest.raises(Failure, match="ServiceIncompatible: HTTP 301"):
        client.find_users({"userName": "x"})
    assert len(recorder.requests) == 1


def test_no_answer_in_time_is_a_timeout(recorder: Recorder) -> None:
    with (
        recorder.lock,
        Client(recorder.url, TOKEN, timeout=0.05) as client,
        pytest.raises(Failure, match="Timeout: no answer within 0.05 s"),
    ):
        client.find_users({"userName": "x"})


def test_server_that_is_not_there_is_a_failure() -> None:
    with (
        Client("http://127.0.0.1:9/scim/v2", TOKEN) as client,
        pytest.raises(Failure, match="WebExceptionProtocol"),
    ):
        client.find_users({"userName": "x"})


def test_a_request_that_came_too_early_is_sent_again(
    recorder: Recorder, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("scim_sync.rehearsal.client.time.sleep", waited.append)
    early = iter([True, True])
    recorder.answer = lambda request: (
        Answer(429, {"detail": "later"}, headers={"Retry-After": "7"}) if next(early, False) else None
    )

    assert client.find_users({"userName": "ada"}) == []
    assert waited == [7, 7]
    assert len(recorder.requests) == 3


def test_a_server_that_is_always_too_busy_is_a_failure(
    recorder: Recorder, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scim_sync.rehearsal.client.time.sleep", lambda seconds: None)
    recorder.answer = lambda request: Answer(429, {"detail": "later"}, headers={"Retry-After": "7"})

    with pytest.raises(Failure, match="TooManyRequests"):
        client.find_users({"userName": "ada"})
