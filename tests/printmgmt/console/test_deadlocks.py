"""A change in the console that the database breaks off for the sake of another is made again."""

import pytest
from django.db import connection
from django.test import Client

from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from tests import factories
from tests.deadlocks import deadlocked
from tests.printmgmt.console.groups.pages import group, url_of
from tests.printmgmt.console.people.pages import message_text

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.settings_dict["ENGINE"].endswith("sqlite3"), reason="deadlocks are of PostgreSQL"
    ),
]


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


def test_a_change_that_was_broken_off_is_retried_with_one_message(contoso: Organization) -> None:
    client: Client = factories.signed_in(contoso)
    staff = group(contoso, "Staff")
    client.get(url_of(staff, "group_rename"))  # the first request of a process takes long
    answers = []

    deadlocked(
        lambda: answers.append(client.post(url_of(staff, "group_rename"), {"display_name": "New"})), row=staff
    )

    assert message_text(answers[0]).count("Staff was renamed to New.") == 1
    assert AuditEvent.objects.filter(verb="group.renamed").count() == 1
