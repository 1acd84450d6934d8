"""An operator at a person's page: presses buttons, sends forms, reads what the console says."""

from html import unescape
from typing import Any

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser

HOSTILE = '<script>alert("x")</script> =1+3 שלום ' + "x" * 300


def address(person: PrintUser, name: str, **arguments: object) -> str:
    """The URL of a view of one person, such as ``person_remove``."""
    where = {"organization": person.organization.slug, "person": person.pk, **arguments}
    return reverse(f"console:{name}", kwargs=where)


def post(client: Client, person: PrintUser, name: str, data: Any = None, **arguments: object) -> str:
    """Send a form to a view of one person; the messages that follow, and the person brought up to date."""
    answer = client.post(address(person, name, **arguments), data or {})
    assert answer.status_code == 302
    person.refresh_from_db()
    return message_text(answer)


def message_text(answer: Any) -> str:
    """The messages an answer leaves for the next page, as a reader sees them."""
    request = answer.wsgi_request
    return " ".join(unescape(str(message)) for message in get_messages(request))


def verbs(organization: Organization) -> list[str]:
    """What the audit trail says was done by administrators, in order."""
    events = AuditEvent.objects.filter(organization=organization, actor_kind="account")
    return list(events.order_by("id").values_list("verb", flat=True))
