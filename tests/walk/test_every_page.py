"""Every page an owner reaches by links: it answers, breaks no policy, fits a phone, axe finds nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import ConsoleMessage, Page

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.models import Account
from printmgmt.organizations.roles import Role
from printmgmt.people.credentials import set_card
from scim_sync.tokens import mint_first_token
from tests import factories
from tests.conftest import Server

HOSTILE = ["<script>alert(1)</script>", "=1+3", "مرحبا بالعالم", "x" * 300]
THEMES = ("light", "dark")
# Signing out would end the tour, and files are no pages.
LEFT_OUT = ("/logout/", "export=csv", "/download/")
ALIKE = 2


@pytest.fixture
def tour(server: Server, page: Page) -> Page:
    """A browser signed in as the owner of an organization with something on every page."""
    contoso = factories.organization()
    owner = factories.administrator(contoso, Role.OWNER).account
    installation = factories.installed(contoso)
    mint_first_token(installation, by=factories.TESTER)
    azure = Actor(kind=ActorKind.TOKEN, label="SCIM pmscim_0123", source=installation.source)
    for number, name in enumerate(HOSTILE):
        person = factories.person(contoso, f"hostile{number}@contoso.example", by=azure, display_name=name)
        set_card(person, f"0441AB{number}99", by=factories.TESTER)
    for trigger in Trigger:
        factories.leaver(contoso, trigger)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(owner), "url": server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(f"{server.url}/o/{contoso.slug}/")
    return page


def test_every_page_answers_and_is_accessible(tour: Page) -> None:
    problems: list[str] = []
    tour.on("console", lambda message: problems.extend(complaint(tour, message)))
    tour.on("pageerror", lambda error: problems.append(f"{tour.url}: {error}"))
    visited = 0

    for address in reachable(tour):
        visited += 1
        problems += look_at(tour, address)

    assert problems == [], "\n".join(problems)
    assert visited >= 20


def session_of(account: Account) -> str:
    """A session of this account, as signing in makes one."""
    session = SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = account.get_session_auth_hash()
    session.save()
    assert session.session_key is not None
    return session.session_key


def reachable(page: Page) -> Iterator[str]:
    """Addresses on this server, found by following links; of pages that differ in their ids only two."""
    host, waiting, seen = urlsplit(page.url).netloc, [page.url], {page.url}
    kinds: Counter[str] = Counter()
    while waiting:
        yield waiting.pop(0)
        for link in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            address = urldefrag(link).url
            if (
                urlsplit(address).netloc != host
                or address in seen
                or any(part in address for part in LEFT_OUT)
            ):
                continue
            seen.add(address)
            kind = re.sub(r"[0-9a-f-]{36}|\d+", "*", urlsplit(address).path)
            kinds[kind] += 1
            if kinds[kind] <= ALIKE:
                waiting.append(address)


def look_at(page: Page, address: str) -> Iterator[str]:
    """What is wrong with a page, in both themes; each loaded anew, since colours change by and by."""
    page.set_viewport_size({"width": 1280, "height": 800})
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            yield f"{address}: {answer and answer.status}"
            return
        for violation in Axe().run(page).response["violations"]:
            yield f"{address} ({theme}): {violation['id']} at {violation['nodes'][0]['target']}"
    page.set_viewport_size({"width": 390, "height": 800})
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        yield f"{address}: scrolls sideways at 390 px"


def complaint(page: Page, message: ConsoleMessage) -> list[str]:
    return [f"{page.url}: {message.text}"] if message.type == "error" else []
