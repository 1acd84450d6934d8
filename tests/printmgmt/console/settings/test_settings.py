"""Settings: the organization, and the policy whose next version saving makes."""

import pytest
from django.test import Client
from django.urls import reverse

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.organizations.models import Organization
from printmgmt.printing.jobs.rematching import Rematches
from printmgmt.printing.models import Rematch
from printmgmt.work.runner import perform_due
from tests import factories
from tests.printmgmt.console.conftest import Page

pytestmark = pytest.mark.django_db

RULES = {
    "suspend_grace_days": "30",
    "remove_grace_days": "7",
    "breaker_people": "20",
    "breaker_percent": "10",
    "breaker_minutes": "60",
    "retention_days": "365",
    "digest_minutes": "15",
    "waiting_jobs": "hold",
    "close_queues": "on",
    "remove_after_days": "",
}
OURS = {"name": "Contoso", "time_zone": "UTC", "match_local_part": "on", "uncollected_hours": "24"}


def send(client: Client, name: str, data: dict[str, str]) -> str:
    """The page that is shown at the end."""
    url = reverse(f"console:{name}", kwargs={"organization": "contoso"})
    return " ".join(client.post(url, data, follow=True).content.decode().split())


def test_looking_at_the_settings_saves_no_policy(page: Page) -> None:
    html = page("console:settings")

    assert "(Policy version 1)" in html
    assert 'name="suspend_grace_days" value="30"' in html
    assert not LeavingPolicy.objects.exists()


def test_saving_the_policy_makes_the_next_version_and_leaves_runs_theirs(
    client: Client, contoso: Organization
) -> None:
    run = factories.leaver(contoso)

    html = send(client, "settings_policy", {**RULES, "remove_grace_days": "14"})

    policy = LeavingPolicy.objects.get(organization=contoso, version=2)
    run.refresh_from_db()
    assert "Version 2 of the leaving policy applies" in html
    assert (policy.remove_grace_days, policy.suspend_grace_days) == (14, 30)
    assert policy.created_by is not None
    assert run.policy.version == 1
    event = AuditEvent.objects.get(verb="policy.changed")
    assert event.details is not None
    assert event.details["changes"] == {"remove_grace_days": [7, 14]}


def test_what_happens_to_jobs_and_queues_is_part_of_the_policy(client: Client, contoso: Organization) -> None:
    rules = {**RULES, "waiting_jobs": "purge", "remove_after_days": "90"}
    del rules["close_queues"]  # how a browser sends a box that is not ticked

    send(client, "settings_policy", rules)

    policy = LeavingPolicy.objects.get(version=2)
    assert (policy.waiting_jobs, policy.close_queues, policy.remove_after_days) == ("purge", False, 90)
    event = AuditEvent.objects.get(verb="policy.changed")
    assert event.details is not None
    assert event.details["changes"] == {
        "waiting_jobs": ["hold", "purge"],
        "close_queues": [True, False],
        "remove_after_days": [None, 90],
    }


def test_nobody_is_removed_by_itself_where_the_days_are_empty(client: Client, contoso: Organization) -> None:
    LeavingPolicy.objects.create(organization=contoso, remove_after_days=90)

    send(client, "settings_policy", {**RULES, "remove_after_days": ""})

    assert LeavingPolicy.objects.get(version=2).remove_after_days is None


def test_saving_the_same_policy_saves_nothing(client: Client, contoso: Organization) -> None:
    html = send(client, "settings_policy", RULES)

    assert "Nothing was different" in html
    assert LeavingPolicy.objects.filter(organization=contoso).count() == 1
    assert not AuditEvent.objects.filter(verb="policy.changed").exists()


@pytest.mark.parametrize("field", ["remove_grace_days", "suspend_grace_days"])
def test_a_grace_shorter_than_the_breakers_window_is_refused_in_words(client: Client, field: str) -> None:
    html = send(client, "settings_policy", {**RULES, field: "1", "breaker_minutes": "1441"})

    assert "Otherwise data would be erased before the wave is noticed" in html
    assert "policy_grace_covers_breaker" not in html
    assert f'id="id_{field}_error"' in html
    assert 'name="breaker_minutes" value="1441"' in html
    assert not LeavingPolicy.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("digest_minutes", "0"),
        ("digest_minutes", ""),
        ("breaker_percent", "101"),
        ("suspend_grace_days", "99999999999999999999"),
        ("retention_days", "ten"),
        ("remove_grace_days", "-1"),
        ("waiting_jobs", "burn"),
        ("remove_after_days", "0"),
    ],
)
def test_a_rule_without_reason_is_refused_at_its_field(client: Client, field: str, value: str) -> None:
    html = send(client, "settings_policy", {**RULES, field: value})

    assert f'id="id_{field}_error"' in html
    assert not LeavingPolicy.objects.exists()


def test_the_organizations_settings_are_saved_and_audited(client: Client, contoso: Organization) -> None:
    settings = {"name": "Contoso <Ltd>", "time_zone": "Europe/Paris", "uncollected_hours": "0"}
    html = send(client, "settings_organization", settings)

    contoso.refresh_from_db()
    assert (contoso.name, contoso.slug) == ("Contoso <Ltd>", "contoso")
    assert (contoso.time_zone, contoso.match_local_part) == ("Europe/Paris", False)
    assert "Contoso &lt;Ltd&gt;" in html
    event = AuditEvent.objects.get(verb="organization.updated")
    assert event.details is not None
    assert event.details["changes"] == {
        "name": ["Contoso", "Contoso <Ltd>"],
        "time_zone": ["UTC", "Europe/Paris"],
        "match_local_part": [True, False],
        "uncollected_hours": [24, 0],
    }


def test_a_change_about_owners_says_that_past_jobs_are_matched_again_and_how_far_it_is(
    client: Client, contoso: Organization, page: Page
) -> None:
    assert "matched again since" not in page("console:settings")
    ours = {name: value for name, value in OURS.items() if name != "match_local_part"}

    html = send(client, "settings_organization", ours)

    assert "Past jobs are being matched again. This page shows how far it is." in html
    assert "Past jobs are being matched again since" in html
    Rematch.objects.update(checked=120_000, unassigned=3_412)
    assert "Checked: 120,000. Newly assigned: 0. Unassigned: 3,412." in " ".join(
        page("console:settings").split()
    )
    perform_due(Rematches())
    assert "Past jobs were last matched again at" in page("console:settings")

    assert "matched again. This" not in send(client, "settings_organization", {**ours, "name": "Contoso 2"})


def test_saving_the_same_settings_writes_nothing(client: Client) -> None:
    assert "Nothing was different" in send(client, "settings_organization", OURS)
    assert not AuditEvent.objects.filter(verb="organization.updated").exists()


@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "Mars/Olympus"), ("time_zone", "../../etc/passwd"), ("name", " ")]
)
def test_a_wrong_setting_is_shown_at_its_field_and_not_saved(
    client: Client, contoso: Organization, field: str, value: str
) -> None:
    html = send(client, "settings_organization", {**OURS, field: value})

    before = Organization.objects.get(pk=contoso.pk)
    assert f'id="id_{field}_error"' in html
    assert '<strong class="text-truncate">Contoso</strong>' in html
    assert (before.name, before.time_zone) == ("Contoso", "UTC")


def test_a_zone_that_was_dropped_from_the_list_stays_until_changed(page: Page, contoso: Organization) -> None:
    Organization.objects.filter(pk=contoso.pk).update(time_zone="Atlantis/City")

    assert '<option value="Atlantis/City" selected>' in page("console:settings")


def test_seats_are_shown_but_not_changed(client: Client, page: Page, contoso: Organization) -> None:
    factories.person(contoso)
    assert "1 active person (no limit)" in page("console:settings")
    Organization.objects.filter(pk=contoso.pk).update(seats=2500)

    send(client, "settings_organization", {**OURS, "seats": "1"})

    assert "1 of 2,500 seats in use" in page("console:settings")


def test_the_help_desk_does_not_see_the_entry_in_the_menu(contoso: Organization) -> None:
    url = reverse("console:dashboard", kwargs={"organization": contoso.slug})

    html = factories.signed_in(contoso, factories.Role.HELPDESK).get(url).content.decode()

    assert reverse("console:settings", kwargs={"organization": contoso.slug}) not in html
    assert reverse("console:audit", kwargs={"organization": contoso.slug}) not in html


@pytest.mark.parametrize(("seats", "is_warned"), [(1, True), (2, False)])
def test_the_settings_say_that_more_seats_are_taken_than_there_are(
    page: Page, contoso: Organization, seats: int, is_warned: bool
) -> None:
    for _each in range(2):
        factories.person(contoso)
    contoso.seats = seats
    contoso.save()

    html = page("console:settings")

    assert f"2 of {seats} seats in use" in html
    assert ("More seats are in use than you have." in html) is is_warned
