"""Hostile Content-Types, through the WSGI application as a server calls it."""

from io import BytesIO
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils.http import parse_header_parameters
from hypothesis import given
from hypothesis import strategies as st

from printmgmt.content_type import safe_content_type
from printmgmt.wsgi import application

HOSTILE = [
    "application/scim+json; charset=rot13",
    "application/scim+json; charset=utf-16",
    "application/scim+json; charset=zlib",
    "application/scim+json; charset=hex",
    "application/scim+json; charset=undefined",
    "application/scim+json; charset=utf-7",
    "application/scim+json; charset=latin-1",
    'application/scim+json; CharSet="UTF-16"',
    "application/scim+json; charset=utf-8; charset=rot13",
    "application/scim+json; charset*=utf-8''rot13",
    "application/scim+json; charset*=rot13''abc%41",
    "application/scim+json; charset*=no-such-codec''utf-8",
    "application/scim+json; charset*0=utf-; charset*1=16",
    'application/scim+json; charset="\0"',
]


def status_of(content_type: str) -> str:
    """Ask for /healthz with a query string, as a WSGI server would."""
    answered: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
        answered.append(status)

    environ = RequestFactory().get("/healthz?filter=userName%20eq%20%22ada%22").environ
    environ |= {"CONTENT_TYPE": content_type, "wsgi.input": BytesIO()}
    list(application(environ, start_response))
    return answered[0]


@pytest.mark.django_db  # a request looks after old database connections
@pytest.mark.parametrize("content_type", HOSTILE)
def test_hostile_charset_is_answered_like_any_request(content_type: str) -> None:
    assert status_of(content_type) == "200 OK"


@pytest.mark.parametrize("content_type", HOSTILE)
def test_hostile_charset_does_not_garble_the_query_string(content_type: str) -> None:
    request = RequestFactory().get(
        "/?filter=caf%C3%A9", headers={"content-type": safe_content_type(content_type)}
    )

    assert request.GET["filter"] == "café"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/scim+json",
        "application/json; charset=utf-8",
        'application/json; charset="UTF8"',
        "multipart/form-data; boundary=----x",
    ],
)
def test_honest_content_type_is_left_alone(content_type: str) -> None:
    assert safe_content_type(content_type) == content_type


def test_other_parameters_survive() -> None:
    value = safe_content_type('multipart/form-data; charset=utf-16; boundary="a b"')

    assert parse_header_parameters(value) == ("multipart/form-data", {"boundary": "a b"})


@given(st.text(alphabet=st.sampled_from("charset*=;\"' \\utf-816ro3%/0\t"), max_size=60))
def test_whatever_comes_django_can_parse_the_result(tail: str) -> None:
    media_type, parameters = parse_header_parameters(safe_content_type("a/b; charset" + tail))

    assert media_type == "a/b"
    assert parameters.get("charset", "utf-8").replace("-", "").lower() in {"utf8", "u8", "utf"}
