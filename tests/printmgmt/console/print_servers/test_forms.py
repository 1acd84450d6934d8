"""Adding and editing in the console: what the server says is told at the field, and nothing is changed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.console.print_servers.certificates import grouped
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import PrintServer
from printmgmt.printing.servers.connecting import BOX
from tests import factories

pytestmark = pytest.mark.django_db


def add_url(of: Organization) -> str:
    return reverse("console:print_server_add", kwargs={"organization": of.slug})


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def login(cups: PrivateCups, **other: str) -> dict[str, str]:
    """What the second step sends."""
    return {
        "address": cups.uri,
        "name": "Front office",
        "user_name": OPERATOR,
        "password": cups.passwords[OPERATOR],
        "fingerprint": "",
        **other,
    }


@pytest.fixture
def server(contoso: Organization, client: Client, cups: PrivateCups) -> PrintServer:
    """Contoso's server, added in the console."""
    client.post(add_url(contoso), login(cups))
    return PrintServer.objects.get()


def edit(client: Client, server: PrintServer, **entered: str) -> Any:
    url = reverse(
        "console:print_server_edit", kwargs={"organization": server.organization.slug, "server": server.pk}
    )
    values = {"name": server.name, "address": server.uri, "user_name": server.user_name, "password": ""}
    return client.post(url, {**values, **entered})


def test_a_server_is_added_in_two_steps(client: Client, contoso: Organization, cups: PrivateCups) -> None:
    first = text_of(client.post(add_url(contoso), {"address": f" IPP://{cups.host}"}))
    assert "Step 2 of 2" in first
    assert f'value="{cups.uri}"' in first
    assert not PrintServer.objects.exists()

    answer = client.post(add_url(contoso), login(cups))

    server = PrintServer.objects.get()
    where = {"organization": contoso.slug, "server": server.pk}
    assert answer["Location"] == reverse("console:print_server", kwargs=where) + "?test=1"
    assert (server.name, server.user_name) == ("Front office", OPERATOR)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "This field is required"),
        ("lpd://cups.contoso.example/", "must start with"),
        ("ipp://169.254.169.254/", "does not connect to 169.254.169.254"),
        ("ipps://nowhere.invalid/", "was not found"),
        ("ipp://nowhere.invalid/", "starts with ipps://"),
    ],
)
def test_the_first_step_says_what_is_wrong_with_the_address(
    client: Client, contoso: Organization, address: str, words: str
) -> None:
    assert words in text_of(client.post(add_url(contoso), {"address": address}))


def test_the_first_step_refuses_a_server_that_is_there_or_away(
    client: Client, contoso: Organization, server: PrintServer, own_cups: PrivateCups
) -> None:
    assert "already has this address" in text_of(client.post(add_url(contoso), {"address": server.uri}))
    own_cups.stop()
    assert "cannot be reached" in text_of(client.post(add_url(contoso), {"address": own_cups.https}))


def test_a_certificate_is_shown_and_must_be_confirmed(
    client: Client, contoso: Organization, cups: PrivateCups
) -> None:
    shown = text_of(client.post(add_url(contoso), {"address": cups.https}))
    assert grouped(cups.fingerprint) in shown
    sent = login(cups, address=cups.https, fingerprint=cups.fingerprint)

    unconfirmed = text_of(client.post(add_url(contoso), sent))
    other = text_of(client.post(add_url(contoso), {**sent, "fingerprint": "0" * 64, "confirmed": "on"}))

    assert "Compare the fingerprint, then confirm it." in unconfirmed
    assert "certificate is not trusted" in other
    assert grouped(cups.fingerprint) in other  # the one it has, to be confirmed
    assert 'name="confirmed" class="form-check-input is-invalid" id="id_confirmed" checked' not in other
    assert not PrintServer.objects.exists()

    client.post(add_url(contoso), {**sent, "confirmed": "on"})

    assert PrintServer.objects.get().fingerprint == cups.fingerprint


@pytest.mark.parametrize(
    ("entered", "words"),
    [
        ({"password": "wrong"}, "does not accept this user name and password"),
        ({"password": ""}, "Enter the operator&#x27;s password."),
        ({"user_name": ""}, "Enter the name of an operator"),
        ({"user_name": "alice", "password": "Alice-pass1"}, "they are not an operator"),
        ({"name": "two\nlines"}, "Enter a name"),
    ],
)
def test_the_second_step_says_what_is_wrong_and_keeps_what_was_entered(
    client: Client, contoso: Organization, cups: PrivateCups, entered: dict[str, str], words: str
) -> None:
    answer = text_of(client.post(add_url(contoso), login(cups, **entered)))

    assert words in answer
    assert f'value="{cups.uri}"' in answer
    assert cups.passwords[OPERATOR] not in answer
    assert not PrintServer.objects.exists()


def test_an_address_used_elsewhere_is_told_before_the_password_is_entered(
    client: Client, contoso: Organization, cups: PrivateCups
) -> None:
    factories.print_server(factories.organization("Fabrikam"), uri=cups.uri, address_key=cups.host)

    answer = text_of(client.post(add_url(contoso), {"address": cups.uri}))

    assert "Another organization uses this server, too." in answer
    assert "Fabrikam" not in answer


def test_editing_keeps_the_password_that_is_not_entered(client: Client, server: PrintServer) -> None:
    before = server.sealed_secret

    answer = edit(client, server, name="Lobby")

    server.refresh_from_db()
    assert (answer.status_code, server.name) == (302, "Lobby")
    assert server.sealed_secret != before  # sealed again, and the same password
    assert BOX.open(server.sealed_secret) == BOX.open(before)
    assert "Lobby was changed." in text_of(client.get(answer["Location"]))


def test_a_form_of_an_older_page_overwrites_nothing(client: Client, server: PrintServer) -> None:
    url = reverse(
        "console:print_server_edit", kwargs={"organization": server.organization.slug, "server": server.pk}
    )
    seen = client.get(url).content.decode().partition('name="seen" value="')[2].partition('"')[0]
    edit(client, server, name="Lobby")

    answer = text_of(edit(client, server, name="Cellar", seen=seen))

    server.refresh_from_db()
    assert "someone else changed this" in answer
    assert server.name == "Lobby"


def test_a_refused_change_changes_nothing(client: Client, server: PrintServer, own_cups: PrivateCups) -> None:
    elsewhere = text_of(edit(client, server, name="Lobby", address=own_cups.uri))
    wrong = text_of(edit(client, server, name="Lobby", password="wrong"))
    secure = text_of(edit(client, server, name="Lobby", address=server.uri.replace("ipp:", "ipps:")))

    assert "Enter the operator&#x27;s password." in elsewhere
    assert "does not accept this user name and password" in wrong
    assert "I compared this fingerprint" in secure
    server.refresh_from_db()
    assert server.name == "Front office"


def test_a_confirmed_certificate_stays_confirmed(
    client: Client, contoso: Organization, cups: PrivateCups
) -> None:
    sent = login(cups, address=cups.https, fingerprint=cups.fingerprint, confirmed="on")
    client.post(add_url(contoso), sent)
    server = PrintServer.objects.get()

    assert edit(client, server, password=cups.passwords[OPERATOR]).status_code == 302

    assert PrintServer.objects.get().fingerprint == cups.fingerprint


def test_a_server_that_was_removed_meanwhile_leads_to_the_list(client: Client, server: PrintServer) -> None:
    where = {"organization": server.organization.slug, "server": server.pk}
    client.post(reverse("console:print_server_remove", kwargs=where))

    assert edit(client, server, name="Lobby").status_code == 404
