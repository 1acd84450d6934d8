"""The https address: sent once, proven, to nobody else, and not into the host's own network."""

import hashlib
import hmac
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from addons.exceptions import InvalidSettings
from addons.models import Installation
from addons.services import configure
from directory_export.destinations.addresses import parse, resolve
from directory_export.destinations.exceptions import DeliveryError
from directory_export.models import BOX, ExportPlan, ExportRun, Kind, RunState
from directory_export.services import export_now, has_secret, set_secret
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from tests import factories
from tests.directory_export.conftest import SECRET, Exporting
from tests.directory_export.receiver import Receiver
from tests.due import deliver_due

pytestmark = pytest.mark.django_db


def sent(installation: Installation) -> ExportRun:
    """Order, perform what is due, return the run of the people."""
    export_now(installation, by=factories.TESTER)
    deliver_due()
    return ExportRun.objects.filter(kind=Kind.PEOPLE).latest("created_at")


def test_people_and_groups_arrive_with_the_secret(
    contoso: Organization, sending: Installation, receiver: Receiver
) -> None:
    factories.person(contoso, "ada@contoso.example", display_name="=Ada")
    configure(sending, {"format": "json"}, by=factories.TESTER)

    run = sent(sending)

    people, groups = receiver.received
    assert json.loads(people.body)["people"][0]["display_name"] == "=Ada"
    assert json.loads(groups.body)["groups"] == []
    assert people.headers["Authorization"] == f"Bearer {SECRET}"
    assert people.headers["Host"] == f"localhost:{receiver.url.split(':')[2].partition('/')[0]}"
    assert people.headers["Content-Type"] == "application/json"
    assert people.path == "/people?key=hidden-in-the-query"
    assert (run.state, run.sha256) == (RunState.DELIVERED, hashlib.sha256(people.body).hexdigest())


def test_a_signature_proves_the_body_and_the_secret_stays_here(
    sending: Installation, receiver: Receiver
) -> None:
    configure(sending, {"proof": "signature"}, by=factories.TESTER)
    sent(sending)

    got = receiver.received[0]
    stamp = got.headers["X-Printmgmt-Timestamp"]
    expected = hmac.new(SECRET.encode(), stamp.encode() + b"." + got.body, hashlib.sha256).hexdigest()
    assert got.headers["X-Printmgmt-Signature"] == f"sha256={expected}"
    assert SECRET not in str(got.headers)


def test_history_names_the_host_and_no_query(sending: Installation) -> None:
    location = sent(sending).location

    assert location.startswith("localhost:")
    assert "hidden" not in location


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_a_receiver_that_is_busy_is_asked_again(
    sending: Installation, receiver: Receiver, status: int
) -> None:
    receiver.statuses = [status, status]
    run = sent(sending)
    assert (run.state, run.attempts) == (RunState.WAITING, 1)
    assert f"answered {status}" in run.error

    again = sent(sending)

    assert again == run
    assert (again.state, again.attempts, again.error) == (RunState.DELIVERED, 2, "")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_a_receiver_that_refuses_is_not_asked_again(
    sending: Installation, receiver: Receiver, status: int
) -> None:
    receiver.statuses = [status, status]

    assert sent(sending).state == RunState.FAILED


def test_a_redirect_is_not_followed(sending: Installation, receiver: Receiver) -> None:
    receiver.statuses, receiver.redirect_to = [307, 307], receiver.url

    run = sent(sending)

    assert (run.state, len(receiver.received)) == (RunState.FAILED, 2)
    assert "redirect" in run.error


def test_a_certificate_nobody_trusts_gets_nothing(
    sending: Installation, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "none.pem").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))

    run = sent(sending)

    assert (run.state, receiver.received) == (RunState.WAITING, [])
    assert "certificate" in run.error


def test_a_certificate_of_another_name_gets_nothing(sending: Installation, receiver: Receiver) -> None:
    other = receiver.url.replace("localhost", "127.0.0.2")
    configure(sending, {"address": other}, by=factories.TESTER)
    set_secret(sending, SECRET, by=factories.TESTER)

    run = sent(sending)

    assert (run.state, receiver.received) == (RunState.WAITING, [])
    assert "127.0.0.2" in run.error


def test_a_server_that_is_gone_is_retried(
    contoso: Organization, exporting: Exporting, receiver: Receiver
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    installation = exporting(contoso, destination="https", address=f"https://localhost:{port}/")
    set_secret(installation, SECRET, by=factories.TESTER)

    run = sent(installation)

    assert (run.state, run.error) == (
        RunState.WAITING,
        f"localhost:{port} cannot be reached: Connection refused.",
    )


def test_a_name_that_leads_into_a_private_network_is_not_called(
    sending: Installation, receiver: Receiver, settings: Settings
) -> None:
    settings.OUTBOUND_ALLOW = []

    run = sent(sending)

    assert (run.state, receiver.received) == (RunState.FAILED, [])
    assert "private network" in run.error


@pytest.mark.parametrize(
    "address",
    [
        "http://hr.contoso.example/",
        "https://",
        "https://ada:pw@hr.contoso.example/",
        "https://hr.contoso.example/#x",
        "https://hr.contoso.example:0/",
        "https://hr.contoso.example:99999/",
        "https://hr.contoso.example/a b",
        "https://hr.contoso.example/\r\nX: y",
        "https://hr.contoso.example\\@127.0.0.1/",
        "https://[::1/",
        "https://127.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_odd_or_private_is_refused_by_the_form(
    contoso: Organization, exporting: Exporting, address: str
) -> None:
    with pytest.raises(InvalidSettings, match="address"):
        exporting(contoso, destination="https", address=address)


def test_of_private_addresses_and_public_ones_only_the_public_ones_are_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = ["10.0.0.1", "93.184.215.14"]

    def answer(*_args: Any, **_kwargs: Any) -> list[Any]:
        # DNS is the one thing an attacker has that no server of ours can be.
        return [(0, 0, 0, "", (number, 443)) for number in found]

    monkeypatch.setattr(socket, "getaddrinfo", answer)

    target = parse("https://hr.contoso.example/")
    assert resolve(target, within=9) == ["93.184.215.14"]
    found.remove("93.184.215.14")
    with pytest.raises(DeliveryError, match="private"):
        resolve(target, within=9)


def test_the_secret_is_neither_in_the_settings_nor_in_clear(sending: Installation) -> None:
    sending.refresh_from_db()
    plan = ExportPlan.objects.get()

    assert SECRET not in json.dumps(sending.settings)
    assert SECRET not in plan.sealed_secret
    assert BOX.open(plan.sealed_secret) == SECRET
    written = [str(event.details) for event in AuditEvent.objects.filter(object_type="installation")]
    assert written
    assert not any(SECRET in details for details in written)


def test_another_host_makes_the_secret_forgotten_and_another_path_does_not(
    sending: Installation, receiver: Receiver
) -> None:
    configure(sending, {"address": receiver.url + "&more=1"}, by=factories.TESTER)
    sending.refresh_from_db()
    assert has_secret(sending)

    configure(sending, {"address": "https://thief.example/"}, by=factories.TESTER)

    assert ExportPlan.objects.get().sealed_secret == ""


def test_a_key_that_is_gone_asks_for_the_secret_again(sending: Installation, settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = {"new": "another-key-another-key-another-key"}

    run = sent(sending)

    assert (run.state, "Set it again" in run.error) == (RunState.FAILED, True)


def test_a_rotated_key_still_reads_the_secret(sending: Installation, settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = {"new": "another-key-another-key-another-key", **settings.CREDENTIAL_KEYS}
    settings.SECRET_KEY = "another-key-another-key-another-key"

    assert sent(sending).state == RunState.DELIVERED
