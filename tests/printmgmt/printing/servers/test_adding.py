"""Servers are added once they answer and take the login; what is refused changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.client import Login
from printmgmt.printing.ipp.errors import (
    Forbidden,
    NotNow,
    UnsafeConnection,
    UntrustedCertificate,
    WrongLogin,
)
from printmgmt.printing.models import JobState, PrintJob, PrintServer, ServerRound
from printmgmt.printing.servers import adding as services
from printmgmt.printing.servers.adding import change_server
from printmgmt.printing.servers.checking import certificate_of
from printmgmt.printing.servers.connecting import BOX, Access, access_to, client_for
from printmgmt.printing.servers.entries import used_elsewhere
from printmgmt.printing.servers.exceptions import AddressTaken, InvalidEntry, ServerRemoved
from printmgmt.printing.servers.pausing import remove_server
from tests import factories
from tests.printmgmt.printing.servers.conftest import Adding

pytestmark = pytest.mark.django_db


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """What workers are asked to do."""
    asked: list[tuple[str, object]] = []
    monkeypatch.setattr(services, "nudge_after_commit", lambda name, key: asked.append((name, key)))
    return asked


def written(verb: str) -> dict[str, Any]:
    """The details of the newest audit event with this verb."""
    return AuditEvent.objects.filter(verb=verb).latest("id").details or {}


def same(server: PrintServer, **other: Any) -> dict[str, Any]:
    """What the edit form sends when nothing is changed but ``other``."""
    values = {
        "name": server.name,
        "address": server.uri,
        "user_name": server.user_name,
        "fingerprint": server.fingerprint,
    }
    return {**values, **other, "by": factories.TESTER}


def test_a_server_that_answers_is_added_and_read_at_once(
    contoso: Organization, cups: PrivateCups, adding: Adding, nudged: list[tuple[str, object]]
) -> None:
    cups.add_queue("front")

    server = adding(contoso, cups, name=" Front office ")

    assert (server.name, server.uri, server.user_name) == ("Front office", cups.uri, OPERATOR)
    assert server.address_key == cups.host
    assert server.version.startswith("2.")
    assert nudged == [("printing.rounds", ServerRound.objects.get(server=server).pk)]
    with client_for(server) as client:
        client.check_login()


def test_the_password_stands_nowhere_in_clear(server: PrintServer, cups: PrivateCups) -> None:
    password = cups.passwords[OPERATOR]
    assert BOX.open(server.sealed_secret) == password
    row = PrintServer.objects.filter(pk=server.pk).values().get()
    assert password not in json.dumps(row, default=str)
    assert password not in json.dumps(written("print-server.added"))
    assert password not in repr(access_to(server))


def test_a_key_that_is_gone_asks_for_the_password_again(server: PrintServer, settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = {"new": "another-key-another-key-another-key"}

    with pytest.raises(Forbidden, match="Enter it again"):
        client_for(server)


def test_the_address_is_kept_in_its_normal_form(
    contoso: Organization, cups: PrivateCups, adding: Adding
) -> None:
    server = adding(contoso, cups, address=f" IPP://LOCALHOST:{cups.port} ", name="")

    assert (server.uri, server.address_key) == (f"ipp://localhost:{cups.port}/", f"localhost:{cups.port}")
    assert server.name == "localhost"


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"address": "lpd://127.0.0.1/"}, "address"),
        ({"address": "ipp://operator:secret@127.0.0.1/"}, "address"),
        ({"address": "ipp://169.254.169.254/"}, "address"),
        ({"address": "ipp://" + "x" * 600 + ".example/"}, "address"),
        ({"name": "x" * 201}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"user_name": ""}, "user_name"),
        ({"user_name": "a:b"}, "user_name"),
        ({"user_name": "a\nb"}, "user_name"),
        ({"user_name": "x" * 201}, "user_name"),
        ({"password": ""}, "password"),
        ({"password": "x" * 501}, "password"),
        ({"address": "ipps://127.0.0.1/", "fingerprint": "12:34"}, "fingerprint"),
    ],
)
def test_an_entry_that_cannot_be_used_is_refused_by_its_field(
    contoso: Organization, adding: Adding, own_cups: PrivateCups, entered: dict[str, str], field: str
) -> None:
    own_cups.stop()  # nobody is asked

    with pytest.raises(InvalidEntry) as refusal:
        adding(contoso, own_cups, **entered)

    assert refusal.value.field == field
    assert not PrintServer.objects.exists()


def test_a_wrong_password_is_tried_once_and_adds_nothing(
    contoso: Organization, adding: Adding, own_cups: PrivateCups
) -> None:
    with pytest.raises(WrongLogin):
        adding(contoso, own_cups, password="wrong")

    assert (own_cups.folder / "log" / "error_log").read_text().count("pam_authenticate() returned") == 1
    assert not PrintServer.objects.exists()
    assert not AuditEvent.objects.filter(verb__startswith="print-server").exists()


def test_an_account_that_is_no_operator_is_told_what_it_lacks(
    contoso: Organization, adding: Adding, cups: PrivateCups
) -> None:
    with pytest.raises(Forbidden, match="SystemGroup"):
        adding(contoso, cups, user_name="alice", password=cups.passwords["alice"])

    assert not PrintServer.objects.exists()


def test_a_server_that_is_away_is_not_added(
    contoso: Organization, adding: Adding, own_cups: PrivateCups
) -> None:
    own_cups.stop()

    with pytest.raises(NotNow):
        adding(contoso, own_cups)


def test_an_operator_does_not_log_in_to_one_queue(
    contoso: Organization, adding: Adding, cups: PrivateCups
) -> None:
    """CUPS answers there as a printer does, and would never be asked whether the login is right."""
    queue = cups.add_queue()

    with pytest.raises(InvalidEntry, match=f"without /printers/{queue}") as refusal:
        adding(contoso, cups, address=f"{cups.uri}printers/{queue}")

    assert refusal.value.field == "address"
    assert not PrintServer.objects.exists()


def test_an_address_of_the_host_itself_is_refused_unless_the_host_names_it(
    contoso: Organization, adding: Adding, cups: PrivateCups, settings: Settings
) -> None:
    settings.OUTBOUND_ALLOW = []

    with pytest.raises(InvalidEntry, match="OUTBOUND_ALLOW"):
        adding(contoso, cups)
    with pytest.raises(Forbidden, match="OUTBOUND_ALLOW"):  # known only once the name was resolved
        adding(contoso, cups, address=f"ipp://localhost:{cups.port}/")


def test_a_certificate_nobody_signed_needs_its_fingerprint(
    contoso: Organization, adding: Adding, cups: PrivateCups
) -> None:
    with pytest.raises(UntrustedCertificate) as refusal:
        adding(contoso, cups, address=cups.https)
    assert refusal.value.fingerprint == cups.fingerprint
    with pytest.raises(UntrustedCertificate):
        adding(contoso, cups, address=cups.https, fingerprint="0" * 64)

    shown = ":".join(cups.fingerprint[i : i + 2].upper() for i in range(0, 64, 2))
    server = adding(contoso, cups, address=cups.https, fingerprint=shown)

    assert server.fingerprint == cups.fingerprint
    with client_for(server) as client:
        client.check_login()


def test_a_certificate_of_an_authority_that_is_trusted_needs_no_fingerprint(
    contoso: Organization,
    adding: Adding,
    cups: PrivateCups,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    authority = tmp_path / "authority.pem"
    authority.write_text(cups.certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))

    server = adding(contoso, cups, address=f"ipps://localhost:{cups.port}/")

    assert server.fingerprint == ""
    with pytest.raises(UntrustedCertificate):  # it is of another name
        adding(contoso, cups, address=cups.https)


def test_an_organization_adds_a_server_once_whatever_the_scheme(
    contoso: Organization, server: PrintServer, cups: PrivateCups, adding: Adding
) -> None:
    for address in (cups.uri, cups.https, f"http://{cups.host}/", f"ipps://{cups.host}"):
        with pytest.raises(AddressTaken, match="“Front office” already has this address"):
            adding(contoso, cups, address=address, fingerprint=cups.fingerprint)

    assert PrintServer.objects.count() == 1


def test_another_organization_may_add_it_too_and_both_know(
    contoso: Organization, fabrikam: Organization, server: PrintServer, cups: PrivateCups, adding: Adding
) -> None:
    assert not used_elsewhere(contoso, server.address_key)
    assert used_elsewhere(fabrikam, server.address_key)

    other = adding(fabrikam, cups)
    assert used_elsewhere(contoso, server.address_key)
    remove_server(other, by=factories.TESTER)

    assert not used_elsewhere(contoso, server.address_key)


def test_a_removed_server_comes_back_as_the_same_row_with_its_history(
    contoso: Organization, fabrikam: Organization, server: PrintServer, cups: PrivateCups, adding: Adding
) -> None:
    job = PrintJob.objects.create(
        organization=contoso,
        server=server,
        remote_id=1,
        state=JobState.COMPLETED,
        submitted_at=server.created_at,
    )
    remove_server(server, by=factories.TESTER)
    assert adding(fabrikam, cups).pk != server.pk

    back = adding(contoso, cups, name="Back again")

    assert (back.pk, back.name, back.removed_at) == (server.pk, "Back again", None)
    assert back.jobs.get() == job
    assert ServerRound.objects.filter(server=back).count() == 1
    assert written("print-server.added")["continues"] is True


def test_another_name_is_no_reason_to_ask_the_server(server: PrintServer, own_cups: PrivateCups) -> None:
    own_cups.stop()
    server.uri, server.address_key = own_cups.uri, own_cups.host
    server.save()

    assert change_server(server, **same(server, name="Lobby"))
    assert not change_server(server, **same(PrintServer.objects.get(), name="Lobby"))

    assert written("print-server.changed")["changes"] == {"name": ["Front office", "Lobby"]}


def test_a_new_password_is_tried_first(server: PrintServer, cups: PrivateCups) -> None:
    before = server.sealed_secret

    with pytest.raises(WrongLogin):
        change_server(server, **same(server, password="wrong", name="Lobby"))
    server.refresh_from_db()
    assert (server.sealed_secret, server.name) == (before, "Front office")

    assert change_server(server, **same(server, password=cups.passwords[OPERATOR]))
    assert written("print-server.changed") | {"changes": {}, "password_changed": True} == written(
        "print-server.changed"
    )


def test_the_stored_password_is_sent_nowhere_it_was_not_entered_for(
    server: PrintServer, own_cups: PrivateCups
) -> None:
    own_cups.stop()  # nobody is asked

    for entered in (
        {"address": own_cups.uri},
        {"user_name": "alice"},
        {"address": f"ipp://localhost:{server.address_key.partition(':')[2]}/"},
    ):
        with pytest.raises(InvalidEntry) as refusal:
            change_server(server, **same(server, **entered))
        assert refusal.value.field == "password"


def test_the_stored_password_does_not_leave_encryption(
    contoso: Organization, cups: PrivateCups, adding: Adding
) -> None:
    server = adding(contoso, cups, address=cups.https, fingerprint=cups.fingerprint)

    with pytest.raises(InvalidEntry) as refusal:
        change_server(server, **same(server, address=cups.uri))

    assert refusal.value.field == "password"


def test_another_address_forgets_what_the_last_test_and_outage_said(
    server: PrintServer, own_cups: PrivateCups, nudged: list[tuple[str, object]]
) -> None:
    server.probe, server.probed_at, server.offline_since = (
        {"version": 1},
        server.created_at,
        server.created_at,
    )
    server.problem = "offline"
    server.save()
    entered = {"address": own_cups.uri, "user_name": OPERATOR, "password": own_cups.passwords[OPERATOR]}

    assert change_server(server, **same(server, **entered))

    after = PrintServer.objects.get()
    assert (after.address_key, after.probe, after.probed_at) == (own_cups.host, {}, None)
    assert (after.offline_since, after.problem) == (None, "")
    assert nudged == [("printing.rounds", server.round.pk)]


def test_an_address_of_another_server_is_refused(
    contoso: Organization, server: PrintServer, own_cups: PrivateCups, adding: Adding
) -> None:
    other = adding(contoso, own_cups)

    with pytest.raises(AddressTaken):
        change_server(other, **same(other, address=server.uri, password="x"))


def test_a_server_that_was_removed_meanwhile_is_not_changed(server: PrintServer) -> None:
    stale = PrintServer.objects.get(pk=server.pk)
    remove_server(server, by=factories.TESTER)

    with pytest.raises(ServerRemoved):
        change_server(stale, **same(stale, name="Lobby"))


def test_a_login_in_clear_leaves_this_machine_by_no_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A server elsewhere is the one thing these tests do not have; what counts is that nothing is sent there.
    monkeypatch.setattr("printmgmt.outbound.resolve", lambda *_args, **_named: ["192.0.2.1"])
    access = Access(ServerAddress.parse("ipp://cups.contoso.example/"), Login(OPERATOR, "x"))

    with pytest.raises(UnsafeConnection):
        certificate_of(access)
