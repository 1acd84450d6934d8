"""An owner changes the policy, finds the change in the audit trail, and takes the trail along."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning.models import LeavingPolicy
from tests import factories
from tests.browsing import FITS, comes_true
from tests.conftest import Server

HOSTILE = ["<script>alert(1)</script>", "=1+3", "שלום עולם", "x" * 300]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 390])
def test_a_change_of_policy_is_asked_for_and_found_in_the_trail(
    server: Server, browser: Browser, tmp_path: Path, width: int
) -> None:
    contoso = factories.organization("Contoso")
    for name in HOSTILE * 20:
        factories.person(contoso, display_name=name)
    context = browser.new_context(base_url=server.url, viewport={"width": width, "height": 900})
    session = factories.signed_in(contoso).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def is_narrow_enough() -> bool:
        return comes_true(page, FITS)

    page.goto(f"/o/{contoso.slug}/settings/")
    assert is_narrow_enough()
    page.get_by_label("Restore period after a removal (days)").fill("21")
    page.get_by_role("button", name="Save leaving policy").click()
    page.get_by_role("button", name="Cancel").click()
    assert not LeavingPolicy.objects.exists()
    page.get_by_role("button", name="Save leaving policy").click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Version 2 of the leaving policy applies")).to_be_visible()

    page.goto(f"/o/{contoso.slug}/audit/")
    assert is_narrow_enough()
    page.get_by_text("Details", exact=True).first.click()
    expect(page.locator(".audit-line").first).to_contain_text("7 → 21")
    page.get_by_role("link", name="Older").click()
    page.wait_for_url("**/audit/?before=*")
    expect(page.locator(".audit-line")).to_have_count(AuditEvent.objects.count() - 50)
    assert is_narrow_enough()
    page.get_by_label("What", exact=True).select_option("policy.changed")
    expect(page.locator(".audit-line")).to_have_count(1)
    assert "before=" not in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    download.value.save_as(tmp_path / "audit.csv")
    assert len((tmp_path / "audit.csv").read_text("utf-8-sig").splitlines()) == 2
    assert complaints == []
    context.close()
