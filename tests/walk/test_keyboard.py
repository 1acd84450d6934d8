"""The walk without a mouse: every stop can be seen, dialogs keep the focus and give it back."""

import pytest
from playwright.sync_api import Locator, Page, expect

from printmgmt.organizations.models import Administrator, Organization
from printmgmt.people.models import PersonState, PrintUser
from tests import factories, many
from tests.browsing import COPIED, WIDE, Visitor, answers_search, comes_true, settle

STOPS = 80
"""Presses of Tab after which a page counts as one that never gets there."""

# What an eye goes by: an outline or a shadow that the element has not when it is not focused.
SEEN = """element => {
  const look = () => { const s = getComputedStyle(element);
    return [s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 && s.outlineColor, s.boxShadow,
            s.borderColor, s.backgroundColor].join("|") };
  const focused = look();
  element.blur();
  const bare = look();
  element.focus({ focusVisible: true, preventScroll: true });
  return focused !== bare;
}"""
# The browser scrolls to what takes the focus, on a busy machine a moment later.
THERE = """element => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.bottom > 0 && box.top < innerHeight;
}"""
HAS_FOCUS = "box => box.contains(document.activeElement)"
INSIDE = "box => box.contains(document.activeElement) || document.activeElement === document.body"
NAME = """element => (element.getAttribute("aria-label") || element.labels?.[0]?.innerText
  || element.innerText || element.value || "").trim()"""


class Keyboard:
    """Reaches things by Tab alone, and wants to see each of them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    @property
    def focused(self) -> str:
        """What the focused element is called."""
        name: str = self.page.locator(":focus").first.evaluate(NAME)
        return name

    def tab_to(self, name: str, *, key: str = "Tab") -> None:
        """Press Tab until something of this name has the focus; everything on the way must be visible."""
        settle(self.page)
        for _stop in range(STOPS):
            self.press(key)
            element = self.page.locator(":focus")
            if element.count() == 0:  # the browser's own controls, between the last stop and the first
                continue
            found = self.focused
            assert comes_true(self.page, THERE, element.element_handle()), f"“{found}” is out of sight"
            assert element.evaluate(SEEN), f"the focus on “{found}” cannot be seen ({self.page.url})"
            if found == name:
                return
        pytest.fail(f"“{name}” is not reached by {key} on {self.page.url}")

    def stays_in(self, box: Locator) -> None:
        """Press Tab more often than ``box`` has stops; the focus leaves it for the browser's own at most."""
        # A drawer takes the focus when it has slid in, and guards it only from then on.
        assert comes_true(self.page, HAS_FOCUS, box.element_handle())
        for _stop in range(20):
            self.press("Tab")
            assert box.evaluate(INSIDE), f"the focus is on “{self.focused}”"
        if not box.evaluate(HAS_FOCUS):
            self.press("Tab")  # back from the browser's own

    def go(self, name: str, heading: str) -> None:
        """Follow the link or press the button of this name; end at the page with this heading."""
        self.tab_to(name)
        self.press("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.fixture
def keyboard(visitor: Visitor) -> Keyboard:
    """No transition: what is focused looks so at once."""
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return Keyboard(visitor.page)


def test_signing_in_and_skipping_to_the_content(
    visitor: Visitor, keyboard: Keyboard, owner: Administrator, contoso: Organization
) -> None:
    visitor.open("/account/login/")
    keyboard.tab_to("Email address")
    keyboard.page.keyboard.type(owner.account.email)
    keyboard.tab_to("Password")
    keyboard.page.keyboard.type(factories.PASSWORD)
    keyboard.press("Enter")
    expect(keyboard.page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    visitor.settle()

    keyboard.press("Tab")
    assert keyboard.focused == "Skip to content"
    assert keyboard.page.locator(":focus").evaluate(SEEN)
    keyboard.press("Enter")
    expect(keyboard.page.locator("main")).to_be_focused()
    keyboard.tab_to("Browse add-ons")
    assert keyboard.page.locator("main :focus").count() == 1


def test_adding_the_add_on_and_copying_its_two_values(
    ada: Visitor, keyboard: Keyboard, contoso: Organization
) -> None:
    ada.open_console(contoso)
    keyboard.go("Add-ons", "All add-ons")
    keyboard.go("Learn more: Microsoft Azure AD User Sync", "Microsoft Azure AD User Sync")
    keyboard.tab_to("Add")
    keyboard.press("Enter")
    dialog = keyboard.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    keyboard.stays_in(dialog)
    keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(ada.page.get_by_role("button", name="Add", exact=True)).to_be_focused()
    keyboard.press("Space")
    keyboard.tab_to("Agree and add")
    keyboard.press("Enter")
    ada.confirm_password()
    expect(keyboard.page.get_by_label("Secret token", exact=True)).to_be_visible()

    keyboard.tab_to("Copy Tenant URL")
    keyboard.press("Enter")
    expect(keyboard.page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    tenant_url = keyboard.page.get_by_label("Tenant URL", exact=True).input_value()
    assert "/scim/v2/" in tenant_url
    assert comes_true(keyboard.page, COPIED, tenant_url)
    expect(ada.page.get_by_role("button", name="Copy Tenant URL")).to_be_focused()
    keyboard.tab_to("Show Secret token")
    keyboard.press("Space")
    expect(keyboard.page.get_by_label("Secret token", exact=True)).to_have_attribute("type", "text")
    keyboard.tab_to("Copy Secret token")
    keyboard.press("Space")
    token = keyboard.page.get_by_label("Secret token", exact=True).input_value()
    assert comes_true(keyboard.page, COPIED, token)
    keyboard.tab_to("Copy Tenant URL", key="Shift+Tab")


def test_suspending_a_person_after_a_second_thought_and_undoing_it(
    ada: Visitor, keyboard: Keyboard, contoso: Organization
) -> None:
    many.people(contoso, range(5))
    zoe = factories.person(contoso, "zoe@contoso.example", display_name="Zoe Young")
    ada.open_console(contoso)
    keyboard.go("People", "People")
    keyboard.tab_to("Search")
    with keyboard.page.expect_response(answers_search("zoe")):
        keyboard.page.keyboard.type("zoe")
    ada.rows(1)
    ada.settle()
    assert keyboard.focused == "Search"
    keyboard.tab_to("State")
    keyboard.press("ArrowDown")
    keyboard.page.wait_for_url("**state=active*")
    ada.settle()
    keyboard.go("Zoe Young", "Zoe Young")

    keyboard.tab_to("Suspend")
    keyboard.press("Enter")
    dialog = keyboard.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    keyboard.stays_in(dialog)
    keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(ada.page.get_by_role("button", name="Suspend", exact=True).first).to_be_focused()
    assert PrintUser.objects.get(pk=zoe.pk).state == PersonState.ACTIVE

    keyboard.press("Enter")
    expect(dialog).to_be_visible()
    keyboard.tab_to("Suspend")
    assert dialog.locator(":focus").count() == 1
    keyboard.press("Enter")
    expect(keyboard.page.get_by_role("button", name="Undo")).to_be_visible()
    assert PrintUser.objects.get(pk=zoe.pk).state == PersonState.SUSPENDED
    keyboard.tab_to("Undo")
    keyboard.press("Space")
    ada.sees("can print again")
    assert PrintUser.objects.get(pk=zoe.pk).state == PersonState.ACTIVE


def test_the_drawer_on_a_phone_opens_and_closes_and_the_account_menu_obeys_the_arrows(
    ada: Visitor, keyboard: Keyboard, contoso: Organization
) -> None:
    ada.open_console(contoso)
    keyboard.page.set_viewport_size({"width": 390, "height": 800})
    keyboard.tab_to("Open menu")
    keyboard.press("Enter")
    drawer = keyboard.page.get_by_role("dialog", name="Menu")
    expect(drawer).to_be_visible()
    keyboard.stays_in(drawer)
    keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(ada.page.get_by_role("button", name="Open menu")).to_be_focused()

    keyboard.page.set_viewport_size(WIDE)
    account = keyboard.page.get_by_role("button", name="Account:")
    keyboard.tab_to(account.get_attribute("aria-label") or "")
    keyboard.press("Enter")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    assert keyboard.focused == "Sign out"
    keyboard.press("Escape")
    expect(account).to_be_focused()
