"""What only a real web server shows: charsets, sizes, headers, and a crash before Django begins."""

import pytest

from printmgmt.people.models import PrintUser
from tests.scim_sync.client import SCIM_JSON, HttpScim, a_user

CHARSETS = [
    "rot13",
    "zlib",
    "hex",
    "undefined",
    "utf-16",
    "utf-7",
    "latin-1",
    "x" * 500,
    '"',
    "utf-8",
    "UTF8",
]


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_hostile_charset_changes_nothing(http_scim: HttpScim, charset: str) -> None:
    kind = f"{SCIM_JSON}; charset={charset}"

    assert http_scim.post(a_user("jürgen"), Content_Type=kind).status == 201
    answer = http_scim.get("/Users?filter=userName+eq+%22nobody%22", Content_Type=kind)

    assert answer.body["totalResults"] == 0
    assert http_scim.get("/Users").found == ["jürgen"]


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 3 * 1024 * 1024])
def test_a_body_too_large_is_413_and_read_no_further(http_scim: HttpScim, size: int) -> None:
    answer = http_scim.post(b'{"userName": "' + b"x" * size + b'"}')

    assert answer.error == (413, None)
    assert not PrintUser.objects.exists()
    assert http_scim.get("/Users").status == 200


def test_a_filter_of_4_kib_fits_the_request_line(http_scim: HttpScim) -> None:
    name = "x" * 500
    expression = " or ".join([f'userName eq "{name}"'] * 7)

    assert http_scim.find(expression).status == 200


@pytest.mark.parametrize("agent", ["", "Mozilla/5.0", "\u00fc"])
def test_user_agent_and_accept_are_not_needed(http_scim: HttpScim, agent: str) -> None:
    assert http_scim.get("/Users", **({"User_Agent": agent} if agent else {})).status == 200


def test_a_bad_host_is_scim(http_scim: HttpScim) -> None:
    answer = http_scim.get("/Users", Host="evil.example")

    assert answer.error == (400, None)
    assert "Location" not in answer.headers


def test_a_cookie_and_a_foreign_origin_are_ignored(http_scim: HttpScim) -> None:
    headers = {"Cookie": "sessionid=x; csrftoken=y", "Origin": "https://evil.example"}

    assert http_scim.post(a_user("ada"), **headers).status == 201


def test_a_bearer_token_of_odd_bytes_is_401(http_scim: HttpScim) -> None:
    assert http_scim.get("/Users", Authorization="Bearer \xff\xfe").status == 401


def test_a_body_sent_in_chunks_is_read(http_scim: HttpScim) -> None:
    chunks = b'11\r\n{"userName": "ada\r\n2\r\n"}\r\n0\r\n\r\n'

    answer = http_scim.post(chunks, Transfer_Encoding="chunked")

    assert answer.status == 201
    assert answer.body["userName"] == "ada"


def test_a_body_in_chunks_has_the_same_limit(http_scim: HttpScim) -> None:
    part = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"

    assert http_scim.post(part * 20 + b"0\r\n\r\n", Transfer_Encoding="chunked").error == (413, None)


@pytest.mark.parametrize("chunks", [b"zz\r\n{}\r\n0\r\n\r\n", b"2\r\n{}xx\r\n0\r\n\r\n"])
def test_broken_chunks_are_400(http_scim: HttpScim, chunks: bytes) -> None:
    assert http_scim.post(chunks, Transfer_Encoding="chunked").error == (400, "invalidSyntax")
