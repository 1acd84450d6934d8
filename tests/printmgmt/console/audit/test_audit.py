"""The audit page: who did what, filtered, page by page, exported; and what was erased."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.audit.services import details_digest, erase_details, record
from printmgmt.organizations.models import Account, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.groups import create_group
from printmgmt.people.tombstones import erase_groups, remove_group
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.shell.test_export import table

pytestmark = pytest.mark.django_db

ADA = Actor(kind=ActorKind.ACCOUNT, label="ada@contoso.example", id="a1", request_id="f00d")
AZURE = Actor(kind=ActorKind.TOKEN, label="SCIM token pm_1a2b", id="7", request_id="cafe")


def many(organization: Organization, number: int) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(
            organization=organization,
            actor_kind=ActorKind.SYSTEM,
            verb="person.updated",
            object_type="person",
            object_id=f"00000000-0000-4000-8000-{count:012}",
            details={"actor": "sweep", "object": f"Person {count:05}"},
            salt=b"salt",
            digest="d",
        )
        for count in range(number)
    )


def test_an_event_says_who_did_what_in_which_request(page: Page, contoso: Organization) -> None:
    person = factories.person(contoso)
    record(
        contoso,
        "person.updated",
        by=ADA,
        object_type="person",
        object_id=person.pk,
        label="<script>Zoë",
        changes={"display_name": ["", "=1+3"], "department": ["IT", "<b>Sales</b>"]},
    )

    html = page("console:audit", {"verb": "person.updated"})

    assert "ada@contoso.example" in html
    assert "Details changed" in html
    assert "&lt;script&gt;Zoë" in html
    assert reverse("console:person", kwargs={"organization": contoso.slug, "person": person.pk}) in html
    assert "?q=f00d" in html
    assert '<del><bdi class="breakable">nothing</bdi></del> → <ins><bdi class="breakable">=1+3</bdi>' in html
    assert '<del><bdi class="breakable">IT</bdi></del>' in html
    assert "&lt;b&gt;Sales&lt;/b&gt;" in html


def test_a_verb_nobody_has_words_for_stands_as_it_is_stored(page: Page, contoso: Organization) -> None:
    record(contoso, "fax.sent", by=ADA, object_type="fax", object_id=1, label="the porter's", pages=3)

    html = page("console:audit")

    assert "fax.sent" in html
    assert '<code class="breakable">pages</code>' in html


def test_a_group_is_a_link_as_long_as_it_has_a_page(page: Page, contoso: Organization) -> None:
    staff, sales = (create_group(contoso, name, by=ADA) for name in ("Staff", "Sales"))
    remove_group(sales, until=timezone.now(), by=ADA)
    erase_groups()
    record(contoso, "group.created", by=ADA, object_type="group", object_id="no id", label="Odd")

    html = page("console:audit", {"object_type": "group"})

    assert f"/groups/{staff.pk}/" in html
    assert html.count("/groups/") == 2  # the menu's
    assert ">Sales</bdi>" in html
    assert ">Odd</bdi>" in html


def test_events_are_filtered_by_who_what_object_and_text(page: Page, contoso: Organization) -> None:
    record(contoso, "person.created", by=ADA, object_type="person", object_id="p-1", label="Berta")
    record(contoso, "token.created", by=AZURE, object_type="token", object_id="t-1", label="Token 1")

    def shown(**query: str) -> set[str]:
        html = page("console:audit", query)
        return {name for name in ("Berta", "Token 1") if f">{name}</bdi>" in html}

    assert shown() == {"Berta", "Token 1"}
    assert shown(actor_kind="token") == {"Token 1"}
    assert shown(verb="person.created") == {"Berta"}
    assert shown(object_type="token") == {"Token 1"}
    assert shown(q="f00d") == {"Berta"}
    assert shown(q="t-1") == {"Token 1"}
    assert shown(q="nul\0") == set()


def test_events_are_found_by_who_and_whom_whatever_they_were_called_then(
    page: Page, contoso: Organization
) -> None:
    account = factories.administrator(contoso, Role.ADMIN).account
    Account.objects.filter(pk=account.pk).update(email="new@contoso.example", name="Zoë Newname")
    by = Actor(kind=ActorKind.ACCOUNT, label="old@contoso.example", id=str(account.pk))
    person = factories.person(contoso, "berta.new@contoso.example", display_name="Berta Élan")
    group = create_group(contoso, "Renamed Staff", by=AZURE)
    record(contoso, "card.assigned", by=by, object_type="person", object_id=person.pk, label="Berta Girlname")
    record(contoso, "group.renamed", by=AZURE, object_type="group", object_id=group.pk, label="Former")
    event = record(contoso, "pin.assigned", by=by, object_type="person", object_id=person.pk, label="Berta")
    erase_details(AuditEvent.objects.filter(pk=event.pk))

    def verbs(text: str) -> set[str]:
        html = page("console:audit", {"q": text})
        words = ("Card assigned", "Group renamed", "PIN set")
        return {word for word in words if f"<strong>{word}</strong>" in html}

    assert verbs("OLD@contoso") == {"Card assigned"}
    assert verbs("new@contoso") == {"Card assigned", "PIN set"}
    assert verbs("newname") == {"Card assigned", "PIN set"}
    assert verbs("girlname") == {"Card assigned"}
    assert verbs("élan") == {"Card assigned", "PIN set"}
    assert verbs("renamed staff") == {"Group renamed"}
    assert verbs("pm_1A2B") == {"Group renamed"}
    assert verbs(str(person.pk)) == {"Card assigned", "PIN set"}
    assert verbs("nobody") == set()


def test_events_of_one_actor_are_picked_from_the_list_or_by_the_link(
    page: Page, contoso: Organization
) -> None:
    admin = factories.administrator(contoso, Role.ADMIN)
    by = Actor(kind=ActorKind.ACCOUNT, label=admin.account.email, id=str(admin.account.pk))
    record(contoso, "person.created", by=by, object_type="person", object_id="p-1", label="Berta")
    record(contoso, "token.created", by=AZURE, object_type="token", object_id="t-1", label="Token 1")

    def shown(**query: str) -> set[str]:
        html = page("console:audit", query)
        return {name for name in ("Berta", "Token 1") if f">{name}</bdi>" in html}

    html = page("console:audit")
    assert f'<option value="{admin.account.pk}" >{admin.account.email}</option>' in html
    assert 'href="?actor_id=7"' in html
    assert shown(actor_id=str(admin.account.pk)) == {"Berta"}
    assert shown(actor_id="7") == {"Token 1"}
    assert '<option value="7" selected>SCIM token pm_1a2b</option>' in page(
        "console:audit", {"actor_id": "7"}
    )
    assert shown(actor_id="nul\0") == {"Berta", "Token 1"}


def test_an_event_says_from_where_until_its_details_are_erased(
    client: Client, contoso: Organization, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    person = factories.person(contoso)
    where = {"organization": contoso.slug, "person": person.pk}
    url = reverse("console:audit", kwargs={"organization": contoso.slug})

    client.post(reverse("console:person_block", kwargs=where), headers={"x-forwarded-for": "2001:db8::7"})

    event = AuditEvent.objects.get(verb="person.blocked")
    assert details_digest(bytes(event.salt or b""), event.details or {}) == event.digest
    assert 'from <span class="tabular breakable">2001:db8::7</span>' in client.get(url).content.decode()
    heading, first, *_rows = table(client.get(url, {"export": "csv", "verb": "person.blocked"}))
    assert first[heading.index("Address")] == "2001:db8::7"
    erase_details(AuditEvent.objects.filter(organization=contoso))
    assert "2001:db8::7" not in client.get(url).content.decode()


def test_days_begin_and_end_in_the_organizations_time_zone(page: Page, contoso: Organization) -> None:
    Organization.objects.filter(pk=contoso.pk).update(time_zone="Pacific/Auckland")
    event = record(contoso, "person.created", by=ADA, object_type="person", label="Berta")
    at = datetime(2026, 7, 1, 13, 0, tzinfo=UTC)  # already the second of July there
    AuditEvent._base_manager.filter(pk=event.pk).update(at=at)

    def is_shown(**query: str) -> bool:
        return "Berta" in page("console:audit", query)

    assert is_shown(since="2026-07-02", until="2026-07-02")
    assert not is_shown(until="2026-07-01")
    assert not is_shown(since="2026-07-03")
    assert is_shown(since="no day", until="9999-12-31")
    assert "01:00:00" in page("console:audit")


def test_events_of_another_organization_are_not_shown(page: Page) -> None:
    record(
        factories.organization("Fabrikam"), "person.created", by=ADA, object_type="person", label="Mallory"
    )

    html = page("console:audit")

    assert "Mallory" not in html
    assert "No activity yet" in html


def test_an_erased_event_says_so_and_stays(page: Page, contoso: Organization) -> None:
    event = record(contoso, "card.assigned", by=ADA, object_type="person", label="Berta", last4="1234")
    erase_details(AuditEvent.objects.filter(pk=event.pk))

    html = page("console:audit")

    assert "Card assigned" in html
    assert "The details were erased" in html
    assert html.count("name erased") == 2
    assert "Berta" not in html


def test_pages_lead_to_older_events_and_back(client: Client, contoso: Organization) -> None:
    many(contoso, 120)
    url = reverse("console:audit", kwargs={"organization": contoso.slug})

    first = client.get(url).context["page"]
    second = client.get(url, {"before": first.older}).context["page"]
    third = client.get(url, {"before": second.older}).context["page"]
    back = client.get(url, {"after": third.newer}).context["page"]

    assert [len(page.rows) for page in (first, second, third)] == [50, 50, 20]
    assert (first.newer, third.older) == (None, None)
    assert [event.pk for event in back.rows] == [event.pk for event in second.rows]
    assert client.get(url, {"after": back.newer}).context["page"].rows == first.rows


@pytest.mark.parametrize("text", ["", "x", "-1", "²", "9" * 30])
def test_a_place_in_the_list_that_is_no_id_is_the_newest_page(
    client: Client, contoso: Organization, text: str
) -> None:
    many(contoso, 2)
    url = reverse("console:audit", kwargs={"organization": contoso.slug})

    assert len(client.get(url, {"before": text, "after": text}).context["page"].rows) == 2


def test_the_page_costs_the_same_at_3_and_3000_events(client: Client, contoso: Organization) -> None:
    url = reverse("console:audit", kwargs={"organization": contoso.slug})

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    many(contoso, 3)
    queries()  # the first request of a session costs more
    few = queries()
    many(contoso, 2_997)

    assert queries() == few


def test_the_export_holds_everything_the_filters_let_through(client: Client, contoso: Organization) -> None:
    many(contoso, 60)
    record(contoso, "person.created", by=ADA, object_type="person", object_id="p-1", label="=cmd|'/c'")
    event = record(contoso, "person.created", by=ADA, object_type="person", object_id="p-2", label="Berta")
    erase_details(AuditEvent.objects.filter(pk=event.pk))
    url = reverse("console:audit", kwargs={"organization": contoso.slug})

    heading, *rows = table(client.get(url, {"export": "csv", "verb": "person.created", "before": "1"}))

    named = [dict(zip(heading, row, strict=True)) for row in rows]
    assert [row["Object"] for row in named] == ["", "'=cmd|'/c'"]
    assert [row["Details"] for row in named][0] == "Erased"
    assert named[1]["Who"] == "ada@contoso.example"
    assert len(table(client.get(url, {"export": "csv", "verb": "person.updated"}))) == 61


def test_an_event_of_long_ago_shows_its_exact_time(page: Page, contoso: Organization) -> None:
    event = record(contoso, "person.created", by=ADA, object_type="person", label="Berta")
    at = datetime(2024, 2, 29, 12, 34, 56, tzinfo=UTC)
    AuditEvent._base_manager.filter(pk=event.pk).update(at=at)

    assert "12:34:56" in page("console:audit")
