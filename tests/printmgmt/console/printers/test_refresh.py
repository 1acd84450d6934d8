"""Refresh: the server is read now, and the page waits for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from printmgmt.organizations.models import Organization
from printmgmt.printing.models import Printer, ServerRound
from tests.printmgmt.console.people.pages import message_text
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db

HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def front(contoso: Organization) -> Printer:
    return equipment.printer(equipment.print_server(contoso))


def asked(client: Client, front: Printer, since: datetime) -> Any:
    url = reverse("console:printer", args=["contoso", front.pk])
    return client.get(url, {"since": since.astimezone(UTC).isoformat()}, **HTMX)


def test_a_round_is_ordered_and_the_button_waits_for_it(client: Client, front: Printer) -> None:
    before = timezone.now()

    answer = client.post(reverse("console:printer_refresh", args=["contoso", front.pk]), **HTMX)

    assert "Reading the server…" in answer.content.decode()
    ordered = ServerRound.objects.get(server=front.server)
    assert before <= ordered.queues_due_at <= timezone.now()
    assert "Reading the server…" in asked(client, front, before).content.decode()

    ServerRound.objects.update(queues_read_at=timezone.now())
    assert asked(client, front, before)["HX-Refresh"] == "true"


def test_a_server_that_fails_or_takes_long_is_not_waited_for(client: Client, front: Printer) -> None:
    ordered = ServerRound.objects.create(organization=front.organization, server=front.server)

    late = asked(client, front, timezone.now() - timedelta(minutes=1))
    assert late["HX-Refresh"] == "true"
    assert "has not been read yet" in message_text(late)

    ServerRound.objects.filter(pk=ordered.pk).update(error="offline")
    assert asked(client, front, timezone.now())["HX-Refresh"] == "true"


def test_without_htmx_a_message_says_so(client: Client, front: Printer) -> None:
    answer = client.post(reverse("console:printer_refresh", args=["contoso", front.pk]))

    assert answer["Location"] == reverse("console:printer", args=["contoso", front.pk])
    assert "is being read" in message_text(answer)


def test_a_paused_server_is_not_read(client: Client, front: Printer) -> None:
    front.server.paused_at = timezone.now()
    front.server.save()

    answer = client.post(reverse("console:printer_refresh", args=["contoso", front.pk]))

    assert "so it is not read" in message_text(answer)
    assert not ServerRound.objects.exists()
