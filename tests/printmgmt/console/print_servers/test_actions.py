"""Buttons on a print server's page: test, pause, resume, remove."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import PrintServer, ServerRound
from printmgmt.printing.servers.adding import add_server
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(contoso: Organization, own_cups: PrivateCups) -> PrintServer:
    password = own_cups.passwords[OPERATOR]
    return add_server(
        contoso, address=own_cups.uri, user_name=OPERATOR, password=password, by=factories.TESTER
    )


def press(client: Client, server: PrintServer, action: str, **headers: str) -> Any:
    where = {"organization": server.organization.slug, "server": server.pk}
    return client.post(reverse(f"console:print_server_{action}", kwargs=where), headers=headers)


def test_a_test_while_you_wait_brings_the_card_with_what_it_found(
    client: Client, server: PrintServer, own_cups: PrivateCups
) -> None:
    own_cups.add_queue("front")

    html = press(client, server, "test", HX_Request="true").content.decode()

    assert html.count('id="found"') == 1
    assert "<html" not in html
    assert "People can undo a hold on their own jobs" in html
    assert 'id="announcements" hx-swap-oob="innerHTML"' in html
    assert PrintServer.objects.get().probed_at is not None


def test_a_test_that_fails_says_why_and_keeps_the_last_one(
    client: Client, server: PrintServer, own_cups: PrivateCups
) -> None:
    own_cups.add_queue("front")
    press(client, server, "test")
    own_cups.stop()

    html = press(client, server, "test", HX_Request="true").content.decode()

    assert "The server could not be tested." in html
    assert re.search("cannot be reached|did not answer", html)
    assert "People can undo a hold on their own jobs" in html


def test_without_htmx_the_page_comes_back_with_the_reason(
    client: Client, server: PrintServer, own_cups: PrivateCups
) -> None:
    own_cups.stop()

    answer = press(client, server, "test")

    html = client.get(answer["Location"]).content.decode()
    assert re.search("cannot be reached|did not answer", html)


def test_refresh_reads_a_server_again_that_was_given_up(client: Client, server: PrintServer) -> None:
    later = timezone.now() + timedelta(days=1)
    ServerRound.objects.update(stopped_at=timezone.now(), due_at=later)

    answer = press(client, server, "refresh")

    row = ServerRound.objects.get()
    assert (row.stopped_at, row.due_at < later) == (None, True)
    assert "is being read" in client.get(answer["Location"]).content.decode()
    press(client, server, "pause")
    ServerRound.objects.update(due_at=later)
    press(client, server, "refresh")
    assert ServerRound.objects.get().due_at == later


def test_pause_resume_and_remove(client: Client, server: PrintServer) -> None:
    for action, words in (
        ("pause", "was paused."),
        ("pause", "No changes were made."),
        ("resume", "was resumed."),
        ("remove", "was removed."),
    ):
        answer = press(client, server, action)
        assert words in client.get(answer["Location"]).content.decode()

    assert PrintServer.objects.get().removed_at is not None
    assert press(client, server, "pause").status_code == 404
