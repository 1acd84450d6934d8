"""Addresses of print servers, as people write them."""

import pytest

from printmgmt.printing.ipp.address import ServerAddress


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ipp://print.example.com/", "ipp://print.example.com:631/"),
        ("ipps://print.example.com", "ipps://print.example.com:631/"),
        ("http://print.example.com", "http://print.example.com:80/"),
        ("https://print.example.com", "https://print.example.com:443/"),
        (" IPPS://Print.Example.COM.:8631/ ", "ipps://print.example.com:8631/"),
        ("ipp://192.0.2.7", "ipp://192.0.2.7:631/"),
        ("ipp://[2001:DB8:0:0::7]:632/", "ipp://[2001:db8::7]:632/"),
        ("ipps://drücker.example/", "ipps://xn--drcker-4ya.example:631/"),
        ("ipp://print_server/", "ipp://print_server:631/"),
        ("ipp://printer.example/ipp/print/", "ipp://printer.example:631/ipp/print"),
    ],
)
def test_an_address_is_read(text, shown):
    address = ServerAddress.parse(text)

    assert str(address) == shown
    assert ServerAddress.parse(shown) == address


def test_the_same_server_has_the_same_key_however_it_is_written():
    written = ["ipp://Print.example:631/", "ipps://print.example", "http://print.example.:631/ipp/print"]

    assert {ServerAddress.parse(text).key for text in written} == {"print.example:631"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must start with"),
        ("print.example.com", "must start with"),
        ("print.example.com:631", "must start with"),
        ("ftp://print.example.com", "must start with"),
        ("ipp://", "host name"),
        ("ipp://:631/", "host name"),
        ("ipp://a b/", "host name"),
        ("ipp://a..b/", "host name"),
        ("ipp://-/", "host name"),
        ("ipp://" + "x" * 64 + ".example/", "host name"),
        ("ipp://" + ".".join(["x" * 60] * 5) + "/", "host name"),
        ("ipp://[::1/", "no address"),
        ("ipp://host:70000/", "no address"),
        ("ipp://host:x/", "no address"),
        ("ipp://host:0/", "Port 0"),
        ("ipp://root:secret@host/", "user name or password"),
        ("ipp://host/?a=b", "must not contain"),
        ("ipp://host/#top", "must not contain"),
        ("ipp://host/ipp print", "percent-encoded"),
        ("ipp://host/ipp\nX-Header: 1", "percent-encoded"),
        ("ipp://host/drücker", "percent-encoded"),
    ],
)
def test_what_is_no_address_is_refused_in_words(text, words):
    with pytest.raises(ValueError, match=words):
        ServerAddress.parse(text)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("localhost.example.com", False),
        ("192.0.2.7", False),
    ],
)
def test_is_loopback(host, expected):
    assert ServerAddress.parse(f"ipp://{host}/").is_loopback is expected


@pytest.mark.parametrize(
    ("scheme", "expected"), [("ipp", False), ("http", False), ("ipps", True), ("https", True)]
)
def test_is_tls(scheme, expected):
    assert ServerAddress.parse(f"{scheme}://host/").is_tls is expected
