"""Restored against the directory: said before, marked afterwards, found from the dashboard, undone."""

from playwright.sync_api import expect

from addons.models import Installation
from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintUser
from tests import factories
from tests.browsing import NARROW, WIDE, Visitor

MARK = "Disabled in the directory, allowed here"


def disabled(installation: Installation) -> PrintUser:
    entra = Actor(kind=ActorKind.TOKEN, label="SCIM", source=installation.source)
    person = factories.person(
        installation.organization, "grace@contoso.example", display_name="Grace", by=entra
    )
    leaving.suspend(person, by=entra)
    return person


def test_somebody_restored_against_the_directory_is_found_and_the_permission_undone(
    ada: Visitor, contoso: Organization
) -> None:
    grace = disabled(factories.installed(contoso))
    ada.open(f"/o/contoso/people/{grace.pk}/")

    ada.page.get_by_role("button", name="Restore").click()
    dialog = ada.page.get_by_role("dialog")
    expect(dialog).to_contain_text("The directory still has this person disabled.")
    dialog.get_by_role("button", name="Restore").click()
    expect(ada.page.locator(".status", has_text=MARK)).to_be_visible()

    ada.open("/o/contoso/")
    ada.page.get_by_role("link", name="1 person is disabled in the directory but allowed here").click()
    ada.page.set_viewport_size(NARROW)
    badge = ada.page.locator("#people .status", has_text=MARK)
    assert badge.evaluate("badge => badge.getBoundingClientRect().right <= innerWidth - 16")
    ada.page.set_viewport_size(WIDE)
    ada.page.locator("#people").get_by_role("link", name="Grace").click()
    ada.page.get_by_role("button", name="End exception").click()
    ada.page.get_by_role("dialog").get_by_role("button", name="End exception").click()

    expect(ada.page.get_by_text("is suspended, as in the directory.")).to_be_visible()
    grace.refresh_from_db()
    assert (grace.state, grace.active) == (PersonState.SUSPENDED, False)
