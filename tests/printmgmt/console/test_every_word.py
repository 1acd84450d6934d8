"""Every word an owner reads is wrapped for translation: all pages in a language that shows which are not."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import trans_real

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import configure, get_addon, install, uninstall
from directory_export.services import export_now
from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.invitations import invite
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.devices import enrol_device
from printmgmt.people.groups import create_group, rename_group
from printmgmt.people.memberships import Change, Members, Verb, change_members
from printmgmt.people.models import ReviewItem, ReviewKind
from scim_sync.credentials.tokens import mint_first_token
from scim_sync.models import Action, ProvisioningEvent, Result
from tests import factories
from tests.due import deliver_due as deliver
from tests.due import perform_due
from tests.many import count_refused
from tests.pseudo_language import Page, PseudoLanguage

pytestmark = pytest.mark.django_db

KNOWN = re.compile(
    r"\S+@\S+|[0-9a-f-]{8,}|Contoso\S*|UTC|SHA-256|First token \(pmscim_\w+\)|[A-Z]\w+(/[\w -]+)+"
    # A host of the tests, and what a server calls itself.
    r"|127\.0\.0\.1\S*|testserver|\b(GET|POST|PUT|PATCH|DELETE)\b"
)
"""What is data wherever it stands: addresses, digests, names of the tests, time zones."""

LEFT_OUT = ("/logout/", "/host/")
ALIKE = 3


@pytest.fixture
def contoso() -> Organization:
    """An organization with something on every page."""
    contoso = factories.organization("Contoso")
    azure = factories.installed(contoso)
    mint_first_token(azure, by=factories.TESTER)
    count_refused(
        [
            ProvisioningEvent.objects.create(
                installation=azure, action=action, result=result, status=status, method="POST", path="/"
            )
            for result, status in zip(Result, (201, 200, 200, 409, 500), strict=True)
            for action in Action
        ]
    )
    person = factories.person(contoso)
    set_card(person, "CARD-1", by=factories.TESTER)
    set_pin(person, "1234", by=factories.TESTER)
    enrol_device(person, "127.0.0.1", by=factories.TESTER)
    staff = create_group(contoso, "Contoso-Staff", by=factories.TESTER)
    change_members(staff, [Change(Verb.ADD, Members(people=frozenset({person.pk})))], by=factories.TESTER)
    rename_group(staff, "Contoso-Teachers", by=factories.TESTER)
    for kind in ReviewKind:
        ReviewItem.objects.create(
            organization=contoso, person=person, kind=kind, key=str(person.pk), source=azure.source
        )
    for trigger in Trigger:
        factories.leaver(contoso, trigger)
    perform_due()
    for role in Role:
        factories.administrator(contoso, role)
    owner = contoso.administrators.filter(role=Role.OWNER)[0]
    invite(contoso, "grace@contoso.example", Role.AUDITOR, by=owner)
    uninstall(exported(contoso), Disposition.KEEP, by=factories.TESTER)
    exported(contoso)
    return contoso


def exported(of: Organization) -> Installation:
    """Directory export, installed, with a run of each kind behind it."""
    export = install(of, get_addon("directory-export"), by=factories.TESTER)
    configure(export, {"destination": "folder"}, by=factories.TESTER)
    export_now(export, by=factories.TESTER)
    deliver()
    return export


def test_every_word_of_every_page_is_wrapped(contoso: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(trans_real._translations, "fr", PseudoLanguage("fr"))
    owner = Client(headers={"accept-language": "fr"})
    owner.force_login(factories.administrator(contoso).account)
    visitor = Client(headers={"accept-language": "fr"})
    outside = [reverse(name) for name in ("account_login", "account_reset_password")]

    dashboard = reverse("console:dashboard", kwargs={"organization": contoso.slug})
    seen = [*pages(owner, dashboard, "/no-such-page"), *pages(visitor, *outside, "/invitation/used/")]

    bare = {
        f"{address}: {text}"
        for address, page in seen
        for text in page.unwrapped()
        if re.search(r"[^\W\d_]{2}", KNOWN.sub("", text))
    }
    assert sorted(bare) == []
    assert len(seen) >= 40


def pages(client: Client, *starts: str) -> Iterator[tuple[str, Page]]:
    """Every page reached by links from these; of pages that differ in their ids only a few."""
    waiting, known = list(starts), set(starts)
    kinds: Counter[tuple[str, bool]] = Counter()
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address, follow=True)
        if answer.streaming:  # read to its end, which closes the file; the headings of a list are words
            headings = answer.getvalue().decode().partition("\n")[0]
            page = Page(headings if "export=csv" in address else "")
        else:
            page = Page(answer.content.decode())
        yield address, page
        for link in page.links:
            target = urldefrag(urljoin(address, link)).url
            if not target.startswith("/") or target in known or any(part in target for part in LEFT_OUT):
                continue
            known.add(target)
            kind = re.sub(r"[0-9a-f-]{36}|\d+", "*", target.partition("?")[0]), "export=csv" in target
            kinds[kind] += 1
            if kinds[kind] <= ALIKE:
                waiting.append(target)
