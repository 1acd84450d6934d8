"""Certificates: signed by an authority for this name, or the one that was confirmed. With a real cupsd."""

import pytest

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.client import Client, Login
from tests.printmgmt.printing.ipp.serving import Server, http


@pytest.fixture
def ca_file(cups: PrivateCups, tmp_path) -> str:
    path = tmp_path / "certificate.pem"
    path.write_text(cups.certificate)
    return str(path)


def encrypted(cups: PrivateCups, host: str = "127.0.0.1") -> ServerAddress:
    return ServerAddress.parse(f"ipps://{host}:{cups.port}/")


def here(*_):
    return ["127.0.0.1"]


def test_a_certificate_nobody_signed_is_not_trusted_and_its_fingerprint_is_said(cups):
    login = Login(OPERATOR, cups.passwords[OPERATOR])
    with Client(encrypted(cups), login=login) as client, pytest.raises(errors.UntrustedCertificate) as caught:
        client.check_login()

    assert caught.value.fingerprint == cups.fingerprint


def test_the_fingerprint_is_enough(cups):
    cups.add_queue("front")
    colons = ":".join(cups.fingerprint[at : at + 2] for at in range(0, 64, 2)).upper()
    for fingerprint in (cups.fingerprint, colons):
        login = Login(OPERATOR, cups.passwords[OPERATOR])
        with Client(encrypted(cups), login=login, fingerprint=fingerprint) as client:
            client.check_login()
            assert [queue.name for queue in client.queues()] == ["front"]


def test_another_fingerprint_is_not_trusted(cups):
    with (
        Client(encrypted(cups), fingerprint="ab" * 32) as client,
        pytest.raises(errors.UntrustedCertificate) as caught,
    ):
        client.queues()

    assert caught.value.fingerprint == cups.fingerprint


def test_an_authority_is_enough_for_the_name_it_signed(cups, ca_file):
    with Client(encrypted(cups, "localhost"), ca_file=ca_file, resolve=here) as client:
        assert client.queues() == []


@pytest.mark.parametrize("host", ["print.example", "127.0.0.1"])
def test_an_authority_is_not_enough_for_another_name(cups, ca_file, host):
    with (
        Client(encrypted(cups, host), ca_file=ca_file, resolve=here) as client,
        pytest.raises(errors.UntrustedCertificate),
    ):
        client.queues()


def test_the_certificate_is_shown_to_be_confirmed(cups, ca_file):
    with Client(encrypted(cups, "localhost"), resolve=here) as client:
        shown = client.server_certificate()
    with Client(encrypted(cups, "localhost"), resolve=here, ca_file=ca_file) as client:
        signed = client.server_certificate()

    assert shown.fingerprint == cups.fingerprint
    assert not shown.trusted
    assert signed == shown._replace(trusted=True)
    assert "CN=" in shown.subject
    assert shown.expires_at.utcoffset() is not None


def test_a_server_without_tls_is_no_server_of_that_address():
    with Server(lambda *_: http(status=400)) as server:
        address = ServerAddress.parse(f"ipps://{server.address.authority}/")
        with Client(address, login=Login("operator", "secret")) as client:
            for attempt in (client.server_certificate, client.queues, client.check_login):
                with pytest.raises(errors.BadAnswer, match="encryption"):
                    attempt()


@pytest.mark.parametrize("fingerprint", ["ab", "g" * 64, "ab" * 20])
def test_what_is_no_sha256_is_no_fingerprint(fingerprint):
    with pytest.raises(ValueError, match="SHA-256"):
        Client(ServerAddress.parse("ipps://print.example/"), fingerprint=fingerprint)


def test_a_file_of_authorities_must_exist(tmp_path):
    with pytest.raises(ValueError, match="no file"):
        Client(ServerAddress.parse("ipps://print.example/"), ca_file=str(tmp_path / "nothing.pem"))
