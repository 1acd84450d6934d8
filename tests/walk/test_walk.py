"""The product in one walk, as an administrator and Azure see it: a browser, HTTP, a real worker."""

import json
import re

import pytest
import requests
from django.core.management import call_command
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import COPIED, comes_true
from tests.conftest import Server, Worker

PASSWORD = "correct horse battery staple"
ADA = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "ada@contoso.example",
    "displayName": "Ada Byron",
    "active": True,
    "emails": [{"type": "work", "primary": True, "value": "ada@contoso.example"}],
}
DISABLE = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations": [{"op": "Replace", "path": "active", "value": "False"}],
}


@pytest.mark.both_databases
def test_from_learn_more_to_the_first_leaver(
    server: Server, worker: Worker, page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in(page, owner_of("Contoso", capsys))
    tenant_url, token = add_the_addon(page)
    azure = with_token(token)

    expect(page.get_by_text("Waiting for Test Connection")).to_be_visible()
    probe = azure.get(f"{tenant_url}/Users", params={"filter": 'userName eq "nobody"'})
    assert (probe.status_code, probe.json()["totalResults"]) == (200, 0)
    expect(page.get_by_text(re.compile("Connected, first call"))).to_be_visible()

    created = azure.post(f"{tenant_url}/Users", data=json.dumps(ADA))
    assert created.status_code == 201
    open_person(page, "Ada Byron")
    expect(page.get_by_role("heading", name="Ada Byron")).to_be_visible()
    expect(page.get_by_text("Active", exact=True).first).to_be_visible()

    disabled = azure.patch(created.json()["meta"]["location"], data=json.dumps(DISABLE))
    assert (disabled.status_code, disabled.json()["active"]) == (200, False)
    page.reload()
    expect(page.get_by_text("Suspended", exact=True).first).to_be_visible()

    menu(page, "Leavers").click()
    page.get_by_role("link", name="Ada Byron").first.click()
    expect(page.get_by_text("In restore period", exact=True).first).to_be_visible()
    expect(page.get_by_text("Disconnect devices")).to_be_visible()
    expect(page.get_by_text("Email administrators")).to_be_visible()


def test_another_organization_sees_none_of_it_and_its_token_opens_nothing(
    server: Server, page: Page, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    contoso, fabrikam = owner_of("Contoso", capsys), owner_of("Fabrikam", capsys)
    sign_in(page, contoso)
    tenant_url, token = add_the_addon(page)
    created = with_token(token).post(f"{tenant_url}/Users", data=json.dumps(ADA))
    location = created.json()["meta"]["location"]
    open_person(page, "Ada Byron")
    person_page = page.url

    stranger = browser.new_context().new_page()
    sign_in(stranger, fabrikam)
    menu(stranger, "People").click()
    expect(stranger.get_by_text("Ada Byron")).to_have_count(0)
    answer = stranger.goto(person_page)
    assert answer is not None
    assert answer.status == 404

    their_url, their_token = add_the_addon(stranger, slug="fabrikam")
    theirs = with_token(their_token)
    assert theirs.get(f"{their_url}/Users").json()["totalResults"] == 0
    assert theirs.get(location).status_code == 401
    assert theirs.get(f"{their_url}/Users/{created.json()['id']}").status_code == 404


def owner_of(name: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Make an organization as the host does, by the command; its owner's sign-in link."""
    capsys.readouterr()
    call_command("create_organization", name, "--owner", f"owner@{name.lower()}.example")
    link = json.loads(capsys.readouterr().out)["sign_in_url"]
    assert isinstance(link, str)
    return link


def with_token(token: str) -> requests.Session:
    """What Azure is to us: a client with the token."""
    azure = requests.Session()
    azure.headers.update({"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"})
    return azure


def menu(page: Page, name: str) -> Locator:
    """An entry of the console's menu."""
    return page.get_by_role("navigation").get_by_role("link", name=name, exact=True)


def sign_in(page: Page, link: str) -> None:
    """Follow the one-use link and choose a password, which signs in."""
    page.goto(link)
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    expect(menu(page, "Leavers")).to_be_visible()


def add_the_addon(page: Page, slug: str = "contoso") -> tuple[str, str]:
    """Add-ons, search, Learn more, Add; the two values as the copy buttons put them on the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(re.sub(r"/o/.*", f"/o/{slug}/", page.url))
    menu(page, "Add-ons").click()
    page.get_by_role("searchbox", name="Search").fill("entra")
    page.wait_for_url("**q=entra*")  # the list is taken out of the answer and replaced
    page.get_by_role("link", name=re.compile("Learn more.*Microsoft Azure AD User Sync")).click()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Agree and add").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    return copied(page, "Tenant URL"), copied(page, "Secret token")


def copied(page: Page, label: str) -> str:
    page.get_by_role("button", name=f"Copy {label}").click()
    value = page.get_by_label(label, exact=True).input_value()
    assert comes_true(page, COPIED, value)  # the browser copies a moment later
    return value


def open_person(page: Page, name: str) -> None:
    menu(page, "People").click()
    page.get_by_role("link", name=name).first.click()
