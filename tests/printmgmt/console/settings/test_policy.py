"""The leaving policy: explained, its versions, and compared with the last leavers before it is saved."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.deprovisioning.policy import change_policy, current_policy
from printmgmt.organizations.models import Organization
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.settings.test_settings import RULES

pytestmark = pytest.mark.django_db


def plain(content: bytes) -> str:
    return " ".join(content.decode().split())


def address(of: Organization, name: str) -> str:
    return reverse(f"console:{name}", kwargs={"organization": of.slug})


def test_the_page_says_what_happens_when(page: Page, contoso: Organization) -> None:
    html = " ".join(page("console:settings").split())

    assert "When Ada is disabled" in html
    assert ">After 30 days</dt> <dd> Jobs that are still held are canceled and deleted." in html
    assert ">After 7 days</dt>" in html
    assert "New jobs under her names are refused" in html
    assert "Ada is removed if she is still suspended" not in html

    LeavingPolicy.objects.create(
        organization=contoso, waiting_jobs="purge", close_queues=False, remove_after_days=90
    )
    html = " ".join(page("console:settings").split())

    assert "canceled and deleted. This cannot be undone." in html
    assert "Jobs that are still held" not in html
    assert "New jobs under her names are refused" not in html
    assert ">After 90 days</dt> <dd> Ada is removed if she is still suspended." in html


def test_each_version_says_who_changed_what(client: Client, contoso: Organization) -> None:
    current_policy(contoso)
    owner = contoso.administrators.get().account if contoso.administrators.count() == 1 else None
    account = owner or factories.account("grace@contoso.example")
    rules = {"waiting_jobs": "purge", "close_queues": False, "remove_after_days": 90, "remove_grace_days": 14}
    change_policy(contoso, rules, by=factories.TESTER, account=account)
    change_policy(contoso, {"remove_after_days": None}, by=factories.TESTER, account=account)

    html = plain(client.get(address(contoso, "policy_versions")).content)
    file = client.get(address(contoso, "policy_versions"), {"export": "csv"})

    for words in (
        "The first version, with the defaults.",
        "Waiting print jobs: Hold, then cancel after the restore period → Cancel and delete at once",
        "Refuse new print jobs: yes → no",
        "Remove suspended people after (days): never → 90",
        "Restore period after a removal (days): 7 → 14",
        "Remove suspended people after (days): 90 → never",
        account.email,
    ):
        assert words in html
    assert "90 → never" in file.getvalue().decode()  # type: ignore[attr-defined]
    found = client.get(address(contoso, "policy_versions"), {"q": account.email[:5].upper()})
    assert [policy.version for policy in found.context["rows"]] == [3, 2]


def everything() -> dict[str, list[Any]]:
    return {
        model._meta.label: list(model.objects.order_by("pk").values_list()) for model in apps.get_models()
    }


def test_comparing_says_what_would_differ_and_saves_nothing(client: Client, contoso: Organization) -> None:
    run = factories.leaver(contoso)
    run.steps.filter(name="hold-jobs").update(evidence={"held": [{"job": 1}]})
    client.get(address(contoso, "settings"))
    before = everything()

    rules = {**RULES, "waiting_jobs": "purge", "suspend_grace_days": "31"}
    html = plain(client.post(address(contoso, "policy_compare"), rules).content)
    same = plain(client.post(address(contoso, "policy_compare"), RULES).content)

    assert "Return gives cards and jobs back until:" in html
    assert str(run.person) in html
    assert "No difference" not in html
    assert "No difference" in same
    assert everything() == before


def test_rules_that_cannot_be_saved_cannot_be_compared(client: Client, contoso: Organization) -> None:
    factories.leaver(contoso)

    html = plain(client.post(address(contoso, "policy_compare"), {**RULES, "digest_minutes": "0"}).content)

    assert "Email administrators about leavers at most every (minutes):" in html
    assert "No difference" not in html


def test_nobody_has_left_yet(client: Client, contoso: Organization) -> None:
    assert "Nobody has left yet." in plain(client.post(address(contoso, "policy_compare"), RULES).content)
