"""Which addresses the console may call: what an administrator enters never leads into the host itself."""

import socket
import threading
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from printmgmt.outbound import Blocked, NameNotFound, check_literal, is_private, is_public, resolve


@pytest.fixture(autouse=True)
def _nothing_named(settings: Settings) -> None:
    """As on a host that names nothing; the tests' own servers are on the loopback address."""
    settings.OUTBOUND_ALLOW = []


NEVER = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104
    "169.254.169.254",
    "169.254.1.1",
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "224.0.0.251",
    "255.255.255.255",
    "240.0.0.1",
    "198.18.0.1",
    "::",
    "::1",
    "fe80::1",
    "ff02::fb",
    "fd00:ec2::254",
    "fd20:ce::254",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:5db8:d70e::f5ff:fffe",
]


def test_what_is_of_the_host_itself_is_never_called() -> None:
    for number in NEVER:
        for private in (True, False):
            with pytest.raises(Blocked):
                check_literal(number, private=private)
        assert not is_private(ip_address(number)), number


@pytest.mark.parametrize(
    "number", ["10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1", "fc00::1"]
)
def test_a_private_network_is_called_where_the_caller_says_so(number: str) -> None:
    check_literal(number, private=True)

    with pytest.raises(Blocked, match="private network"):
        check_literal(number, private=False)


def test_the_host_names_what_else_may_be_called(settings: Settings) -> None:
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.1"), ip_network("fe80::/10")]

    check_literal("127.0.0.1", private=False)
    check_literal("fe80::7", private=True)
    for number in ("127.0.0.2", "::1", "169.254.169.254", "::ffff:127.0.0.1"):
        with pytest.raises(Blocked):
            check_literal(number, private=True)


def test_a_name_is_judged_by_what_it_resolves_to(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ["10.0.0.7", "93.184.215.14"]

    def answer(*_args: Any, **_kwargs: Any) -> list[Any]:
        # DNS is the one thing an attacker has that no server of ours can be.
        return [(0, 0, 0, "", (number, 631)) for number in found]

    monkeypatch.setattr(socket, "getaddrinfo", answer)

    assert resolve("cups.contoso.example", 631, private=True, within=9) == found
    assert resolve("cups.contoso.example", 631, private=False, within=9) == ["93.184.215.14"]


def test_each_address_of_a_name_is_judged_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host may announce the address of its link beside the one to use; nobody connects to the former."""
    found = ["fe80::1%eth0", "127.0.0.1", "10.0.0.7", "169.254.169.254"]
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_args, **_kwargs: [(0, 0, 0, "", (number, 631)) for number in found]
    )

    assert resolve("cups.contoso.example", 631, private=True, within=9) == ["10.0.0.7"]
    found.remove("10.0.0.7")
    with pytest.raises(Blocked, match="does not connect to fe80::1"):
        resolve("cups.contoso.example", 631, private=True, within=9)


def test_a_name_server_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: answers.wait(60) and [])

    with pytest.raises(NameNotFound, match="could not be looked up in time"):
        resolve("cups.contoso.example", 631, private=True, within=0.1)

    answers.set()


def test_a_name_that_does_not_exist_may_exist_later() -> None:
    with pytest.raises(NameNotFound, match=r"nowhere\.invalid"):
        resolve("nowhere.invalid", 631, private=True, within=60)


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d70e", True),
        ("2002:7f00:1::", False),
        ("2002:5db8:d70e::1", True),
        ("2002:a9fe:a9fe::", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("::ffff:93.184.215.14", True),
        ("::ffff:169.254.169.254", False),
        ("::127.0.0.1", False),  # ::/96, once for IPv4-compatible addresses
        ("::5db8:d70e", False),
        ("64:ff9b:1::7f00:1", False),
        ("64:ff9b:1::5db8:d70e", False),
        ("::ffff:0:7f00:1", False),  # ::ffff:0:0:0/96, RFC 2765
        ("::ffff:0:5db8:d70e", False),
        ("fec0::1", False),
        ("fc00::1", False),
        ("2001::1", False),  # Teredo
        ("2001:0:5db8:d70e::f5ff:fffe", False),
        ("2001:2::1", False),  # benchmarking
        ("2001:10::1", False),  # ORCHID
        ("2001:db8::1", False),
        ("3fff::1", False),  # documentation, RFC 9637
        ("100::1", False),  # discarded
        ("5f00::1", False),  # segment routing
        ("4000::1", False),
        ("1000::1", False),
        ("fe00::1", False),
        ("2001:4860:4860::8888", True),
        ("198.18.0.1", False),
        ("192.0.0.1", False),
        ("192.0.2.1", False),
        ("198.51.100.1", False),
        ("203.0.113.1", False),
        ("192.88.99.1", False),
        ("240.0.0.1", False),
        ("168.63.129.16", False),  # Azure tells a machine its credentials here
    ],
)
def test_what_counts_as_public(number: str, public: bool) -> None:
    assert is_public(ip_address(number)) is public


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "localhost."])
def test_other_ways_to_write_the_loopback_address_are_refused_when_resolved(host: str) -> None:
    with pytest.raises((Blocked, NameNotFound)):
        resolve(host, 443, private=True, within=60)
