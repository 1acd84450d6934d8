"""Hints where administrators meet them: the details page, health, the dashboard, one mail."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from addons.base import HealthState
from addons.models import Installation
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from scim_sync.console.attention import needs_of
from scim_sync.console.mapping import DEFAULT_MAPPING
from scim_sync.models import MappingHints, ProvisioningEvent
from scim_sync.monitoring import health
from scim_sync.monitoring.hints.kinds import HintKind
from scim_sync.monitoring.hints.shown import shown_hints
from scim_sync.monitoring.hints.words import WORDS
from tests import factories
from tests.due import outbox, watch
from tests.scim_sync.client import Scim
from tests.scim_sync.console.conftest import Page, Post
from tests.scim_sync.monitoring.hints.looks import look

TITLE = escape(str(WORDS[HintKind.ACTIVE].title))
DISMISS = f"Dismiss: {TITLE}"


@pytest.fixture
def wrong(scim: Scim, installation: Installation) -> Installation:
    """Contoso's sync, whose mapping lacks `active`."""
    for name in ("ada", "bob", "cyd"):
        scim.create(name)
    assert look(installation) == {"active"}
    return installation


def test_before_and_without_hints_the_card_says_so(page: Page, scim: Scim) -> None:
    assert "this card says if something is wrong" in page("addons:details")
    scim.get("/Users")

    assert "No hints." in page("addons:details")


def test_a_hint_says_what_was_seen_what_it_means_and_the_line_to_change(
    page: Page, wrong: Installation
) -> None:
    html = page("addons:details")

    newest = ProvisioningEvent.objects.latest("id")
    assert TITLE in html
    assert "The last 3 people who were created arrived without “active”." in html
    assert f"/log/{newest.pk}/" in html
    assert "keep their access until Entra deletes them" in html
    assert "Provision Microsoft Entra ID Users</strong> › <strong>Add New Mapping" in html
    assert escape(DEFAULT_MAPPING[1].source) in html
    assert DISMISS in html


def test_an_example_that_was_pruned_is_no_link(page: Page, wrong: Installation) -> None:
    ProvisioningEvent.objects.all().delete()

    html = page("addons:details")
    assert TITLE in html
    assert "Example in the provisioning log" not in html


def test_every_line_of_users_is_one_of_entras_default_mapping() -> None:
    default = {(row.source, row.target) for row in DEFAULT_MAPPING}
    lines = {(said.line.source, said.line.target) for said in WORDS.values() if said.line}

    assert lines - default == {("members", "members")}  # of groups


def test_a_dismissed_hint_is_folded_audited_and_shown_again_by_undo(
    page: Page, post: Post, wrong: Installation
) -> None:
    html = post("scim_sync:dismiss_hint", hint="active")
    assert "The hint was dismissed." in html
    assert "Undo" in html
    assert DISMISS not in html
    assert f"Show again: {TITLE}" in html
    assert post("scim_sync:dismiss_hint", hint="active").count("No changes were made.") == 1

    assert DISMISS in post("scim_sync:show_hint", hint="active")
    assert "No changes were made." in post("scim_sync:show_hint", hint="active")
    verbs = list(AuditEvent.objects.filter(object_type="hint").order_by("id").values_list("verb", flat=True))
    assert verbs == ["hint.dismissed", "hint.shown"]
    assert "Hint dismissed" in page("console:audit")


def test_a_dismissed_hint_comes_back_if_the_same_is_seen_after_a_month(
    post: Post, scim: Scim, wrong: Installation
) -> None:
    def dismissed_on(days: int) -> bool:
        look(wrong, days=days, hours=1)
        with time_machine.travel(timezone.now() + timedelta(days=days, hours=1)):
            [hint] = shown_hints(MappingHints.objects.get())
            return hint.is_dismissed

    post("scim_sync:dismiss_hint", hint="active")
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        scim.create("dot")
    assert dismissed_on(31)
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        scim.create("eve")
    assert not dismissed_on(32)


@pytest.mark.parametrize("hint", ["nested", "nonsense"])
def test_a_hint_that_is_not_there_changes_nothing(client: object, post: Post, scim: Scim, hint: str) -> None:
    if hint == "nested":
        assert "No changes were made." in post("scim_sync:dismiss_hint", hint=hint)
    assert not AuditEvent.objects.filter(object_type="hint").exists()


def test_who_only_looks_cannot_dismiss(contoso: Organization, wrong: Installation) -> None:
    auditor = factories.signed_in(contoso, factories.Role.AUDITOR)
    html = auditor.get(factories.page_of(contoso, "addons:details")).content.decode()

    assert TITLE in html
    assert "Dismiss:" not in html


def test_only_a_hint_because_of_which_leavers_keep_access_is_mailed_and_once(
    scim: Scim, wrong: Installation
) -> None:
    [sent] = outbox()
    assert "leaves access to people who leave" in sent.subject
    assert "Mappings › Provision Microsoft Entra ID Users › Add New Mapping" in sent.body
    assert "Switch([IsSoftDeleted]" in sent.body
    assert sent.body.rstrip().endswith("#hints")

    scim.create("zoe", active=True)
    assert look(wrong, minutes=70) == set()
    for name in ("dot", "eve", "fay"):
        scim.create(name)
    assert look(wrong, minutes=110) == {"active"}
    watch()
    assert len(outbox()) == 1


def test_the_mail_is_not_sent_if_the_hint_was_dismissed(post: Post, wrong: Installation) -> None:
    post("scim_sync:dismiss_hint", hint="active")

    assert outbox() == []


def test_other_hints_are_a_word_in_health_and_no_mail(scim: Scim, installation: Installation) -> None:
    for n in range(3):
        scim.create(f"person{n}", active=True, emails=[{"type": "work"}])
    assert look(installation) == {"no-value"}

    found = health.check(installation)
    assert (found.state, found.condition) == (HealthState.OK, "")
    assert str(found.message).endswith("1 hint about the mapping in Azure, on the add-on's page.")
    assert outbox() == []


def test_health_and_dashboard_say_that_leavers_keep_access_until_it_is_dismissed(
    contoso: Organization, post: Post, wrong: Installation
) -> None:
    found = health.check(wrong)
    assert (found.state, found.condition, found.headline) == (HealthState.OK, "mapping", "")
    assert "“active” is not mapped" in str(found.message)
    [need] = needs_of(contoso)
    assert need.url.endswith("#hints")
    assert not need.urgent

    post("scim_sync:dismiss_hint", hint="active")
    assert health.check(wrong).condition == ""
    assert list(needs_of(contoso)) == []


def test_hints_cost_health_no_query_and_the_page_one_for_events_and_one_for_groups(
    page: Page, scim: Scim, installation: Installation
) -> None:
    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(name)
        return len(captured)

    scim.create("ada", active=True)
    page("addons:details")
    details, dashboard = queries("addons:details"), queries("console:dashboard")
    for name in ("bob", "cyd", "dot"):
        scim.create(name)
    for n in range(8):
        inner = scim.create_group(f"Inner {n}").id
        scim.create_group(f"Outer {n}", inner)
    assert look(installation) == {"active", "nested"}

    assert queries("addons:details") <= details + 2
    assert queries("console:dashboard") <= dashboard
