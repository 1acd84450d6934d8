"""Someone at a browser: who they are, what they press, and what the browser had to complain of."""

import functools
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import (
    ConsoleMessage,
    Dialog,
    Download,
    Locator,
    Page,
    Response,
    ViewportSize,
    expect,
)
from playwright.sync_api import Error as PlaywrightError

from printmgmt.organizations.models import Account, Organization
from tests.factories import PASSWORD

WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=800)
FITS = (
    "document.documentElement && document.documentElement.scrollWidth <= document.documentElement.clientWidth"
)
SETTLED = """document.readyState === "complete"
  && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-added, .htmx-settling")"""
PRESSES = ("check", "click", "fill", "press", "select_option", "uncheck")
PATIENCE = 30
"""Seconds to wait for what should be there at once: others may have the processor."""
COPIED = "text => navigator.clipboard.readText().then(copied => copied === text)"
REPLACED = ("htmx:sendAbort", "htmx:afterRequest")
"""What htmx says of a request that a newer one replaced: a letter more in the search box."""


@dataclass
class Visitor:
    """Drives ``page`` on the server at ``url``; ``complaints`` must stay empty."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_viewport_size(WIDE)
        self.page.set_default_timeout(PATIENCE * 1_000)
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on("console", self._record_message)
        # Nothing of ours opens one, so this is someone's <script>alert(1)</script>.
        self.page.on("dialog", self._dismiss)

    def enter(self, account: Account) -> None:
        """Be signed in as this account, without the sign-in page."""
        self.page.context.clear_cookies()
        value = session_of(account)
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.url}]
        )

    def sign_in(self, email: str, password: str) -> None:
        """Go to the sign-in page as a stranger and send the form; what follows may be another question."""
        self.page.context.clear_cookies()
        self.open("/account/login/")
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.settle()

    def confirm_password(self) -> None:
        """Give the password once more, before something that matters."""
        self.sees("Confirm it's you")
        self.check_width()
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Confirm")

    def open(self, path: str) -> None:
        """Go to a page, which must answer 200 and fit a phone."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        self.check_width()

    def open_console(self, organization: Organization, path: str = "") -> None:
        """Go to a page of an organization, such as ``leavers/``."""
        self.open(f"/o/{organization.slug}/{path}")

    def check_width(self) -> None:
        """The page scrolls sideways neither here nor on a phone."""
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)
            if not comes_true(self.page, FITS):
                pytest.fail(f"{self.page.url} scrolls sideways at {size['width']} px")

    def settle(self) -> None:
        """Wait until what was pressed last is done; see ``settle``."""
        settle(self.page)

    def press(self, name: str, *, exact: bool = True) -> None:
        """Press the button of this name in the page."""
        self.page.get_by_role("main").get_by_role("button", name=name, exact=exact).first.click()

    def follow(self, name: str, *, exact: bool = True) -> None:
        """Follow the link of this name in the page."""
        self.page.get_by_role("main").get_by_role("link", name=name, exact=exact).first.click()

    def menu(self, name: str) -> None:
        """Follow an entry of the console's menu."""
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()

    def search(self, text: str) -> None:
        """Type into the list's search box and wait for the list."""
        with self.page.expect_response(answers_search(text)):
            self.page.get_by_role("searchbox", name="Search").fill(text)
        self.settle()

    def choose(self, filter_name: str, value: str | None = None, *, label: str | None = None) -> None:
        """Choose an option of one of the list's filters, by its value or its words, and wait for the list."""
        self.page.get_by_label(filter_name, exact=True).first.select_option(value, label=label)
        self.settle()

    def confirm(self, button: str) -> None:
        """Say yes in the dialog that asks; ``button`` is what yes is called there."""
        self.page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()

    def cancel(self) -> None:
        """Say no in the dialog that asks."""
        self.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()

    def sees(self, text: str) -> None:
        """Wait until the text is there to be read."""
        expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible()

    def misses(self, text: str) -> None:
        """Wait until the text is gone."""
        expect(self.page.get_by_role("main").get_by_text(text)).to_have_count(0)

    def rows(self, number: int) -> None:
        """Wait until the table has so many rows."""
        expect(self.table).to_have_count(number)

    @property
    def table(self) -> Locator:
        return self.page.locator("main tbody tr")

    def download(self, link: str, into: Path) -> Path:
        """Follow a link that is a file and return where it was put."""
        with self.page.expect_download() as coming:
            self.follow(link, exact=False)
        file: Download = coming.value
        file.save_as(into / file.suggested_filename)
        return into / file.suggested_filename

    def _record_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complain(message.text)

    def _dismiss(self, dialog: Dialog) -> None:
        self._complain(dialog.message)
        dialog.dismiss()

    def _complain(self, text: str) -> None:
        if text.startswith(REPLACED):
            return
        self.complaints.append(f"{self.page.url}: {text}")


def settle(page: Page) -> None:
    """Wait until the page's scripts have run, and what htmx asked for is in its place and answers.

    Before, a press reaches a button whose question is not there yet, or a list that is about to be replaced:
    htmx changes the address first, then the list, and a moment later the new list's controls begin to work.
    """
    if not comes_true(page, SETTLED):
        pytest.fail(f"{page.url} does not settle")


def press_settled_pages_only() -> None:
    """Have every press of a test, direct or through a helper, wait for the page as a person would."""
    for name in PRESSES:
        setattr(Locator, name, _when_settled(getattr(Locator, name)))


def _when_settled(act: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(act)
    def wait_and_act(locator: Locator, *args: Any, **options: Any) -> Any:
        settle(locator.page)
        return act(locator, *args, **options)

    return wait_and_act


def answers_search(text: str) -> Callable[[Response], bool]:
    """Whether a response is the list searched for exactly this text, not for its first letters."""
    return lambda answer: parse_qs(urlsplit(answer.url).query).get("q") == [text]


def comes_true(page: Page, script: str, arg: object = None, *, seconds: float = PATIENCE) -> bool:
    """Whether a condition of a page holds within so many seconds.

    Playwright's own wait_for_function looks from inside of the page from the second time on, where our
    Content Security Policy lets nobody evaluate a text.
    """
    deadline = time.monotonic() + seconds
    while True:
        with suppress(PlaywrightError):  # after a click there may be no page at all for a moment
            if page.evaluate(script, arg):
                return True
        if time.monotonic() > deadline:
            return False
        page.wait_for_timeout(50)


def session_of(account: Account) -> str:
    """A session of this account, as signing in makes one."""
    session = SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = account.get_session_auth_hash()
    session.save()
    assert session.session_key is not None
    return session.session_key
