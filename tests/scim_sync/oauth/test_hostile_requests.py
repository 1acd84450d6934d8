"""Whatever arrives at the token endpoint: an error of RFC 6749 §5.2 in JSON, never 500 and never HTML."""

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from django.test import Client, override_settings

from scim_sync.models import ScimToken
from tests.scim_sync.oauth.client import FORM, TokenClient, basic

pytestmark = pytest.mark.django_db

INVALID = (400, "invalid_request")
REFUSED = (401, "invalid_client")


def given(oauth: TokenClient) -> bytes:
    return urlencode(oauth.form()).encode()


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/x-www-form-urlencoded-x",
        "\u00fc",
        ";",
        "x" * 5000,
    ],
)
def test_only_a_form_is_read(oauth: TokenClient, kind: str) -> None:
    assert oauth.send(given(oauth), kind=kind).error == INVALID
    assert not ScimToken.objects.exists()


@pytest.mark.parametrize("kind", [FORM, FORM.upper(), f"{FORM}; charset=UTF-8", f'{FORM};charset="utf-8"'])
def test_spellings_of_a_form_are_taken(oauth: TokenClient, kind: str) -> None:
    assert oauth.send(given(oauth), kind=kind).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"&",
        b"=",
        b"grant_type",
        b"grant_type=",
        b"%",
        b"grant_type=client_credentials&client_id=%ff%fe",
        b"grant_type=client_credentials&client_id=%00",
        b"grant_type=client_credentials&\xff=x",
        "grant_type=client_credentials&client_id=\u00fc".encode(),
        b'{"grant_type": "client_credentials"}',
        b"grant_type=client_credentials&" + b"&".join(b"a%d=b" % n for n in range(60)),
        b"grant_type=client_credentials&client_secret=x&client_assertion=y",
        b"\x00" * 100,
        b"&" * 60_000,
    ],
)
def test_a_body_that_is_no_such_form_is_an_invalid_request(oauth: TokenClient, body: bytes) -> None:
    assert oauth.send(body).error == INVALID


@pytest.mark.parametrize("name", ["grant_type", "client_id", "client_secret", "scope", "x"])
def test_a_repeated_parameter_is_an_invalid_request(oauth: TokenClient, name: str) -> None:
    body = urlencode([*oauth.form(scope="a", x="b").items(), (name, oauth.form().get(name, "a"))])

    assert oauth.send(body.encode()).error == INVALID


def test_parameters_without_a_value_and_unknown_ones_are_ignored(oauth: TokenClient) -> None:
    assert oauth.ask(scope="", resource="https://x", what="ever", client_assertion="").status == 200


def test_a_secret_in_the_address_is_no_credential(oauth: TokenClient) -> None:
    query = urlencode(oauth.form())

    assert oauth.send(b"", path=f"{oauth.path}?{query}").error == INVALID
    body = b"grant_type=client_credentials"
    assert oauth.send(body, path=f"{oauth.path}?{query}").error == REFUSED


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X"])
def test_only_post_is_allowed(oauth: TokenClient, method: str) -> None:
    answer = oauth.send(given(oauth), method=method)

    assert answer.error == (405, "invalid_request")
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("size", [64 * 1024 + 1, 3 * 1024 * 1024])
def test_a_body_too_large_is_413(oauth: TokenClient, size: int) -> None:
    assert oauth.send(b"a=" + b"x" * size).error == (413, "invalid_request")


@pytest.mark.parametrize("size", [60_000])
def test_a_large_value_is_only_a_wrong_one(oauth: TokenClient, size: int) -> None:
    assert oauth.ask(client_secret="x" * size).error == REFUSED
    assert oauth.ask(client_id="x" * size).error == REFUSED
    assert oauth.ask(scope="x" * (size - 1000)).status == 200


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic ",
        "Basic x",
        "Basic =",
        "Basic \u00fc",
        "Basic Og==",  # ":"
        "Basic Ojo=",  # "::"
        "Basic eDp5",  # "x:y"
        "Basic eA==",  # "x"
        "Basic //79",  # no UTF-8
        "Basic AAAA",
        "Basic eDpwbWNsaWVudF8lMDBfeA==",  # "x:pmclient_%00_x", whose secret has a NUL once it is decoded
        "Basic JTAwOng=",  # "%00:x"
        "Bearer x",
        "Digest username=x",
        "Negotiate x",
        "basic",
        "x" * 5000,
    ],
)
def test_a_bad_authorization_is_401_with_a_challenge(oauth: TokenClient, header: str) -> None:
    answer = oauth.send({"grant_type": "client_credentials"}, Authorization=header)

    assert answer.error == REFUSED
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    "form", [{}, {"grant_type": "client_credentials"}, {"grant_type": "client_credentials", "client_id": "x"}]
)
def test_a_form_without_credentials_is_refused(oauth: TokenClient, form: Mapping[str, str]) -> None:
    assert oauth.send(form).error == (REFUSED if form else INVALID)


def test_basic_is_taken_in_any_letter_case_and_form_encoded(oauth: TokenClient) -> None:
    header = basic(oauth.client_id, oauth.secret).replace("Basic", "BASIC ")

    assert oauth.send({"grant_type": "client_credentials"}, Authorization=header).status == 200


@pytest.mark.parametrize("path", ["/oauth/", "/oauth/x", "/oauth/x/token/y", "/oauth/x/y", "/oauth//token"])
def test_a_path_that_is_none_is_an_error_in_json(oauth: TokenClient, path: str) -> None:
    assert oauth.send(given(oauth), path=path).error == (404, "invalid_request")


def test_a_trailing_slash_is_allowed(oauth: TokenClient) -> None:
    assert oauth.send(given(oauth), path=f"{oauth.path}/").status == 200


def test_a_bad_host_is_an_error_in_json(oauth: TokenClient) -> None:
    assert oauth.send(given(oauth), Host="evil.example").error == INVALID


def test_http_is_refused_and_not_redirected_where_the_console_has_https(oauth: TokenClient) -> None:
    with override_settings(IS_HTTPS=True, SECURE_SSL_REDIRECT=True):
        client = Client()  # one that loads the middleware as it is now
        assert client.get("/scim/v2/x/Users").status_code == 301
        answers = [
            client.generic("POST", oauth.path, given(oauth), content_type=FORM, secure=secure)
            for secure in (False, True)
        ]

    assert [answer.status_code for answer in answers] == [400, 200]
    assert answers[0].json()["error"] == "invalid_request"


def test_a_cookie_and_a_foreign_origin_change_nothing(oauth: TokenClient) -> None:
    answer = oauth.send(given(oauth), Cookie="sessionid=x; csrftoken=y", Origin="https://evil.example")

    assert answer.status == 200


@pytest.mark.parametrize("charset", ["rot13", "zlib", "undefined", "utf-16", "latin-1", "x" * 500, '"'])
def test_a_hostile_charset_changes_nothing(http_oauth: TokenClient, charset: str) -> None:
    kind = f"{FORM}; charset={charset}"

    assert http_oauth.send(given(http_oauth), kind=kind).status == 200
    assert http_oauth.send("grant_type=\u00fc".encode("utf-16"), kind=kind).error == INVALID


def test_over_http_bodies_without_a_length_too_large_or_cut_off_are_errors_in_json(
    http_oauth: TokenClient,
) -> None:
    chunked = b"1d\r\ngrant_type=client_credentials\r\n0\r\n\r\n"

    assert http_oauth.send(chunked, Transfer_Encoding="chunked").error == (411, "invalid_request")
    assert http_oauth.send(b"a=" + b"x" * 3_000_000).error == (413, "invalid_request")
    assert http_oauth.send(given(http_oauth), Host="evil.example").error == INVALID
    assert http_oauth.send({"grant_type": "x"}, Authorization="Basic \xff\xfe").error[0] in (400, 401)
    assert http_oauth.scim().get("/Users").status == 200
