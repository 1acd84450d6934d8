"""Every page an owner reaches by links: it answers, breaks no policy, fits a phone, axe finds nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from addons.disposition import Disposition
from addons.models import Uninstallation
from addons.services import get_addon, install, uninstall
from directory_export.facts import SLUG as EXPORT
from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.people.credentials import set_card
from scim_sync.models import Visit
from tests import factories, many
from tests.browsing import FITS, NARROW, WIDE, Visitor, comes_true
from tests.scim_sync.client import Scim

PARTS = 2
"""The pages are dealt out to so many tests, which run side by side."""

# Signing out would end the tour, and files are no pages.
LEFT_OUT = ("/logout/", "export=csv", "/download/", "/file/")
EVERYTHING = {"resultTypes": ["violations"]}
# What is not a color is the same in the dark.
CONTRAST = {**EVERYTHING, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
Theme = tuple[str, dict[str, object]]
"""A color scheme, and axe's options."""

LIGHT, DARK = ("light", EVERYTHING), ("dark", CONTRAST)
ALIKE = 2
# The only page of its kind is looked at in both themes; of two pages one in each.
THEMES = {1: [(LIGHT, DARK)], ALIKE: [(LIGHT,), (("dark", EVERYTHING),)]}


SEND_NOTHING = """form => {
  for (const field of form.querySelectorAll("input:not([type=hidden])")) field.value = "";
  form.submit();  // unlike a button asks nobody
}"""


@pytest.fixture
def furnished(contoso: Organization) -> Organization:
    """Something on every page, with hostile names."""
    installation = factories.installed(contoso)
    azure = Scim.of(installation)
    pushed = azure.create("pushed@contoso.example")
    azure.create("pushed@contoso.example")
    azure.create_group(many.HOSTILE[1], pushed.id)
    for hours, people in ((1, 2_000_000), (2, 1)):  # a small cycle and a full one, beside the one that runs
        began = timezone.now() - timedelta(hours=hours)
        Visit.objects.create(installation=installation, began_at=began, people=people, reads=1_000_000)
    half_uninstalled(contoso)
    exporting = install(contoso, get_addon(EXPORT), by=factories.TESTER)
    many.rows_everywhere(installation, exporting, range(len(many.HOSTILE)))
    by = Actor(kind=ActorKind.TOKEN, label="SCIM pmscim_0123", source=installation.source)
    for number, name in enumerate(many.HOSTILE):
        person = factories.person(contoso, f"hostile{number}@contoso.example", by=by, display_name=name)
        set_card(person, f"0441AB{number}99", by=factories.TESTER)
    for trigger in Trigger:
        factories.leaver(contoso, trigger)
    return contoso


@pytest.mark.timeout(1200)  # a hundred pages, on a machine that has other things to do
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_answers_and_is_accessible(
    furnished: Organization, owner: Administrator, ada: Visitor, part: int
) -> None:
    client = Client()
    client.force_login(owner.account)
    pages = [path for path, _text in reachable(client, f"/o/{furnished.slug}/")]
    assert len(pages) >= 40
    alike = {kind: [path for path in pages if kind_of(path) == kind] for kind in map(kind_of, pages)}

    problems = [
        problem
        for kind in list(alike)[part::PARTS]
        for path, themes in zip(alike[kind], THEMES[len(alike[kind])], strict=True)
        for problem in look_at(ada.page, ada.url + path, themes)
    ]

    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize(
    "path",
    ["settings/", "people/add/", "administrators/invite/", "add-ons/azure-ad-user-sync/{sync}/settings/"],
)
def test_a_wrong_field_is_readable_in_both_themes_and_has_the_focus(
    contoso: Organization, ada: Visitor, path: str
) -> None:
    path = path.format(sync=factories.installed(contoso).pk)
    for theme in ("light", "dark"):
        ada.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        ada.open_console(contoso, path)
        with ada.page.expect_navigation():
            ada.page.locator("main form[method=post]").first.evaluate(SEND_NOTHING)

        expect(ada.page.locator(".is-invalid").first).to_be_focused()
        assert Axe().run(ada.page, options=EVERYTHING).response["violations"] == []


def half_uninstalled(of: Organization) -> None:
    """An add-on that was uninstalled, whose people still wait for a worker."""
    past = install(of, get_addon(EXPORT), by=factories.TESTER)
    uninstall(past, Disposition.KEEP, by=factories.TESTER)
    Uninstallation.objects.create(
        installation=past,
        people=Disposition.SUSPEND,
        actor_kind=ActorKind.ACCOUNT,
        actor_label=many.HOSTILE[-1][:254],
        total=50_000,
        done=3_200,
    )


class Links(HTMLParser):
    """Where the links of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)


def reachable(client: Client, start: str) -> Iterator[tuple[str, str]]:
    """Addresses on this server and their HTML, found by following links; of pages that differ in ids two."""
    waiting, seen = [start], {start}
    kinds = Counter([kind_of(start)])
    while waiting:
        page = waiting.pop(0)
        text = client.get(page, follow=True).content.decode()
        yield page, text
        links = Links()
        links.feed(text)
        for link in links.found:
            address = urldefrag(urljoin(page, link)).url
            if urlsplit(address).netloc or address in seen or any(part in address for part in LEFT_OUT):
                continue
            seen.add(address)
            kind = kind_of(address)
            kinds[kind] += 1
            if kinds[kind] <= ALIKE:
                waiting.append(address)


def kind_of(address: str) -> str:
    """The path without ids and numbers: pages of a kind differ in what they are about."""
    return re.sub(r"[0-9a-f-]{36}|\d+", "*", urlsplit(address).path)


def look_at(page: Page, address: str, themes: tuple[Theme, ...] = (LIGHT, DARK)) -> Iterator[str]:
    """What is wrong with a page, in each theme; each loaded again, since colors change by and by."""
    for theme, options in themes:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            yield f"{address}: {answer and answer.status}"
            return
        found = Axe().run(page, options=options)
        for violation in found.response["violations"]:
            yield f"{address} ({theme}): {violation['id']} at {violation['nodes'][0]['target']}"
    page.set_viewport_size(NARROW)
    if not comes_true(page, FITS):
        yield f"{address}: scrolls sideways at 390 px"
    page.set_viewport_size(WIDE)
