"""The provisioning log: what is listed, how it is searched, and one event in full."""

import csv
import io
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from addons.models import Installation
from printmgmt.console.shell import turns
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card
from printmgmt.people.models import PrintGroup, PrintUser
from scim_sync.console.log_pages import ROWS
from scim_sync.credentials.access_tokens import give_access_token
from scim_sync.federation.trusts import add_trust
from scim_sync.models import (
    Action,
    ProvisioningEvent,
    ProvisioningEventBody,
    Result,
    ScimClientSecret,
    ScimToken,
)
from scim_sync.oauth.federation import AssertionHolder
from scim_sync.provisioning_log.reasons import Reason
from tests import factories, many
from tests.scim_sync.client import DISABLE, PRINTMGMT, Scim, op
from tests.scim_sync.console.conftest import Page, address
from tests.scim_sync.federation.entra import PASTED
from tests.scim_sync.oauth.client import TokenClient

HOSTILE = ["<script>alert(1)</script>", "=1+3", "\u202eevil", "x" * 300]


def fill(installation: Installation, number: int, **fields: object) -> None:
    now = timezone.now()
    events = ProvisioningEvent.objects.bulk_create(
        ProvisioningEvent(
            **{
                "installation": installation,
                "action": Action.UPDATE,
                "result": Result.OK,
                "status": 200,
                "subject": f"person{n}@contoso.example",
                "method": "PATCH",
                "path": "/",
                "at": now - timedelta(seconds=n // 3),
                **fields,
            }
        )
        for n in range(number)
    )
    many.count_refused(events)


def test_an_empty_log_says_what_will_be_there(page: Page) -> None:
    assert "No changes yet" in page("scim_sync:log")


def test_writes_and_refusals_are_listed_and_reads_are_not(page: Page, scim: Scim, alice: PrintUser) -> None:
    scim.get("/Users")
    answer = scim.create("alice@contoso.com")

    html = page("scim_sync:log")

    assert html.count("<tr>") == 1 + 2
    assert "Rejected" in html
    assert f'title="{answer.headers["X-Request-ID"]}"' in html


def test_another_organizations_events_are_not_listed(page: Page, charlie: PrintUser) -> None:
    assert "charlie" not in page("scim_sync:log")


def test_refused_sign_ins_are_apart(page: Page, scim: Scim, alice: PrintUser) -> None:
    Scim(scim.base, "wrong").get("/Users")

    everything, apart = page("scim_sync:log"), page("scim_sync:log", {"action": "sign-in"})

    assert everything.count("<tr>") == 1 + 1
    assert "View rejected sign-in attempts" in everything
    assert "alice@contoso.com" not in apart
    assert apart.count("<tr>") == 1 + 1


def test_writes_by_client_credentials_are_found_by_the_client_secret(
    page: Page, scim: Scim, alice: PrintUser, installation: Installation
) -> None:
    oauth = TokenClient.of(installation, label="Azure, 2027")
    oauth.scim().create("zoe@contoso.com")
    oauth.scim().create("yan@contoso.com")
    secret = ScimClientSecret.objects.get()

    html = page("scim_sync:log", {"token": f"client-{secret.pk}"})

    assert html.count("<tr>") == 1 + 2
    assert "alice@contoso.com" not in html
    assert f"Client secret: Azure, 2027 ({secret.prefix})" in html  # of the filter; the rows have the label
    assert html.count("Azure, 2027") >= 3
    event = page("scim_sync:event", event=installation.events.latest("id").pk)
    assert "Client credentials: <bdi" in event
    assert f"{secret.prefix}_…" in event


def test_writes_by_federation_are_found_by_the_trust(
    page: Page, scim: Scim, alice: PrintUser, installation: Installation
) -> None:
    trust = add_trust(installation, **PASTED, by=factories.TESTER)
    holder = AssertionHolder(trust, timezone.now() + timedelta(hours=1))
    given = give_access_token(holder, now=timezone.now(), address=None)
    Scim(scim.base, given.text).create("zoe@contoso.com")

    html = page("scim_sync:log", {"token": f"trust-{trust.pk}"})

    assert html.count("<tr>") == 1 + 1
    assert "zoe@contoso.com" in html
    assert "alice@contoso.com" not in html
    assert f"Federation: {trust.subject[:29]}…" in html
    event = page("scim_sync:event", event=installation.events.latest("id").pk)
    assert f'Federation: <bdi class="breakable">{trust.subject}' in event


def test_filters_narrow_the_log(page: Page, scim: Scim, alice: PrintUser, installation: Installation) -> None:
    refused = scim.create("ALICE@contoso.com")
    scim.create("zoe@contoso.com")
    fill(installation, 1, subject="old@contoso.com", at=timezone.now() - timedelta(days=3))
    token = ScimToken.objects.get()
    today = timezone.localdate().isoformat()
    before = (timezone.localdate() - timedelta(days=2)).isoformat()

    def rows(**query: str) -> int:
        return max(page("scim_sync:log", query).count("<tr>") - 1, 0)

    assert rows() == 4
    assert rows(action="create") == 3
    assert rows(result="refused") == 1
    assert rows(code="409") == 1
    assert rows(token=str(token.pk)) == 3
    assert rows(q="adams") == 1  # by the name of a person, whatever the event calls them
    assert rows(q="alice@CONTOSO.com") == 2
    assert rows(q=refused.headers["X-Request-ID"]) == 1
    assert rows(q=str(alice.pk)) == 1
    assert rows(since=today) == 3
    assert rows(until=before) == 1
    assert rows(since="nonsense", code="999", token="x") == 4
    assert rows(q="nobody at all") == 0


def test_the_log_is_filtered_by_a_reason(page: Page, scim: Scim, alice: PrintUser) -> None:
    scim.create("alice@contoso.com")
    Scim(scim.base, "wrong").get("/Users")

    linked = page("scim_sync:log", {"reason": Reason.LINKED_ALREADY})
    unknown = page("scim_sync:log", {"reason": Reason.TOKEN_UNKNOWN, "action": "sign-in"})
    without_action = page("scim_sync:log", {"reason": Reason.TOKEN_UNKNOWN})

    assert [html.count("<tr>") for html in (linked, unknown, without_action)] == [2, 2, 2]
    assert "alice@contoso.com" in linked
    assert "alice@contoso.com" not in unknown


@pytest.mark.parametrize(
    ("end", "day", "listed"),
    [
        ("since", "0001-01-01", True),
        ("since", "9999-12-31", False),
        ("until", "0001-01-01", False),
        ("until", "9999-12-31", True),
    ],
)
def test_the_ends_of_the_calendar_are_days_too(
    page: Page, alice: PrintUser, end: str, day: str, listed: bool
) -> None:
    assert ("alice@contoso.com" in page("scim_sync:log", {end: day})) is listed


@pytest.mark.parametrize("position", ["x", "1-", "-1", "9" * 30 + "-1", "1-" + "9" * 30, "²-1"])
def test_a_position_that_is_none_is_no_error(page: Page, installation: Installation, position: str) -> None:
    fill(installation, 2)

    for end in ("before", "after"):
        assert page("scim_sync:log", {end: position}).count("<tr>") == 1 + 2


def test_every_event_is_on_exactly_one_page_also_where_moments_are_equal(
    client: Client, contoso: Organization, installation: Installation
) -> None:
    fill(installation, ROWS + 5)
    fill(installation, ROWS + 2, result=Result.REFUSED, status=409)
    url = address(contoso, "scim_sync:log")

    seen: list[int] = []
    forward = client.get(url).context["page"]
    while True:
        seen += [event.pk for event in forward.rows]
        if forward.older is None:
            break
        last = forward
        forward = client.get(url, {"before": str(forward.older)}).context["page"]
    back = client.get(url, {"after": str(forward.newer)}).context["page"]

    assert len(seen) == len(set(seen)) == 2 * ROWS + 7
    assert [event.pk for event in back.rows] == [event.pk for event in last.rows]


def test_a_refusal_stands_where_it_was_repeated_last(page: Page, scim: Scim, alice: PrintUser) -> None:
    first = scim.create("alice@contoso.com")
    scim.patch(alice.pk, op("Replace", "title", "Printer"))
    again = scim.create("alice@contoso.com")

    html = page("scim_sync:log")

    ids = [answer.headers["X-Request-ID"] for answer in (first, again)]
    assert [f'title="{request_id}"' in html for request_id in ids] == [False, True]
    rows = html[html.index("<tbody>") :]
    assert rows.index("× 2") < rows.index("Update")
    assert [page("scim_sync:log", {"q": request_id}).count("<tr>") for request_id in ids] == [0, 2]


def test_a_pages_queries_do_not_depend_on_the_rows(
    client: Client,
    contoso: Organization,
    installation: Installation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    url = address(contoso, "scim_sync:log")
    fill(installation, 3)
    client.get(url)
    with django_assert_num_queries(10) as few:
        client.get(url)
    fill(installation, 3_000)

    with django_assert_num_queries(len(few)):
        client.get(url)
    assert not any("COUNT(" in query["sql"] for query in few.captured_queries)


def test_the_export_is_filtered_and_safe(
    client: Client, contoso: Organization, installation: Installation
) -> None:
    fill(installation, 1, subject="=1+3", result=Result.REFUSED)
    fill(installation, 1, subject="left out")

    answer = client.get(address(contoso, "scim_sync:log"), {"export": "csv", "result": "refused"})

    assert isinstance(answer, StreamingHttpResponse)
    assert isinstance(answer.streaming_content, Iterable)
    table = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[2] for row in table] == ["Person or group", "'=1+3"]


def test_the_export_is_read_in_turns_with_counted_events_among_the_others(
    contoso: Organization, installation: Installation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cursor for a million events would give its first row once all are computed."""
    monkeypatch.setattr(turns, "TURN", 4)
    fill(installation, 7)
    fill(installation, 6, result=Result.REFUSED, status=409)
    answer = client.get(address(contoso, "scim_sync:log"), {"export": "csv"})
    assert isinstance(answer, StreamingHttpResponse)
    assert isinstance(answer.streaming_content, Iterable)

    with CaptureQueriesContext(connection) as captured:
        content = b"".join(answer.streaming_content).decode("utf-8-sig")

    moments = [row[0] for row in csv.reader(io.StringIO(content))][1:]
    assert len(moments) == 13
    assert moments == sorted(moments, reverse=True)
    reads = [query["sql"] for query in captured.captured_queries if "provisioningevent" in query["sql"]]
    assert len(reads) == 4
    assert all("LIMIT 4" in sql for sql in reads)


def test_an_event_tells_old_new_ignored_and_the_masked_request(
    page: Page, scim: Scim, alice: PrintUser
) -> None:
    scim.patch(alice.pk, op("Replace", "displayName", "Alice King"), op("Add", "favouriteColour", "red"))
    changed = page("scim_sync:event", event=ProvisioningEvent.objects.latest("id").pk)
    scim.patch(alice.pk, op("Add", f"{PRINTMGMT}:pin", "13795"))
    secret = page("scim_sync:event", event=ProvisioningEvent.objects.latest("id").pk)

    assert "<del><bdi" in changed
    assert "Alice Adams" in changed
    assert "Alice King" in changed
    assert "favouriteColour" in changed
    assert "13795" not in secret
    assert "•••" in secret


def test_a_refused_event_says_why_and_what_to_do(page: Page, scim: Scim, alice: PrintUser) -> None:
    scim.create("alice@contoso.com")

    html = page("scim_sync:event", event=ProvisioningEvent.objects.latest("id").pk)

    assert "Another synced person already has this user name." in html
    assert f'/people/{alice.pk}/">{alice.pk}</a> (<bdi>Alice Adams</bdi>)' in html
    assert "&quot;scimType&quot;: &quot;uniqueness&quot;" in html


def test_a_warning_says_why_whose_the_card_is_and_where_it_is_decided(
    page: Page, scim: Scim, alice: PrintUser, bob: PrintUser
) -> None:
    set_card(bob, "CARD-4711", by=factories.TESTER)
    scim.patch(alice.pk, op("Add", f"{PRINTMGMT}:cardNumber", "CARD-4711"))

    html = page("scim_sync:event", event=ProvisioningEvent.objects.latest("id").pk)

    assert "Someone else has the card, so it was not assigned." in html
    assert f'/people/{bob.pk}/">{bob.pk}</a> (<bdi>Bob Brown</bdi>)' in html
    assert '/review/">Review queue</a> </p>' in html
    assert "CARD-4711" not in html


def test_a_person_of_another_organization_is_named_by_no_answer(
    page: Page, installation: Installation, charlie: PrintUser
) -> None:
    fill(installation, 1, result=Result.REFUSED, status=409, detail=f"taken by {charlie.pk}")

    html = page("scim_sync:event", event=ProvisioningEvent.objects.latest("id").pk)

    assert f"taken by {charlie.pk}" in html
    assert "Charlie" not in html


def test_an_event_leads_to_the_person_and_to_what_followed(page: Page, scim: Scim, alice: PrintUser) -> None:
    scim.patch(alice.pk, DISABLE)

    html = page("scim_sync:event", event=ProvisioningEvent.objects.latest("id").pk)

    assert f"/people/{alice.pk}/" in html
    assert f"/leavers/{alice.runs.get().pk}/" in html


def test_an_event_of_another_organization_is_not_found(
    client: Client, contoso: Organization, installation: Installation, charlie: PrintUser
) -> None:
    theirs = ProvisioningEvent.objects.get(person=charlie)

    assert client.get(address(contoso, "scim_sync:event", event=theirs.pk)).status_code == 404


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(page: Page, installation: Installation, name: str) -> None:
    fill(installation, 1, subject=name, detail=name, ignored=[name])
    ProvisioningEventBody.objects.create(event=ProvisioningEvent.objects.get(), request={"userName": name})

    for html in (page("scim_sync:log"), page("scim_sync:event", event=ProvisioningEvent.objects.get().pk)):
        assert escape(name)[:79] in html  # a list shows so many of its letters
        assert "<script>alert" not in html


def test_a_group_and_who_went_are_shown_by_name(page: Page, scim: Scim, alice: PrintUser) -> None:
    group = scim.create_group("Print Admins", str(alice.pk))
    scim.patch_group(group.id, op("remove", "members", [{"value": str(alice.pk)}]))
    event = ProvisioningEvent.objects.latest("pk")

    assert "Print Admins" in page("scim_sync:log", {"q": "print admins"})
    html = page("scim_sync:event", event=event.pk)

    assert 'Update: <bdi class="breakable">Print Admins</bdi>' in html
    assert (
        '<del><bdi class="breakable">Alice Adams</bdi></del> → <span class="text-secondary">removed</span>'
        in html
    )


def test_an_event_leads_to_its_group_also_when_that_was_deleted(page: Page, scim: Scim) -> None:
    group = scim.create_group("Print Admins").id
    event = ProvisioningEvent.objects.get().pk
    assert f"/groups/{group}/" in page("scim_sync:event", event=event)

    scim.delete_group(group)
    assert f"/groups/{group}/" in page("scim_sync:event", event=event)

    PrintGroup.objects.filter(pk=group).delete()  # erased when its time is over
    assert f"/groups/{group}/" not in page("scim_sync:event", event=event)
