"""Whatever stands in an address, every page answers; pages and parameters are found by the test itself."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from addons.disposition import Disposition
from addons.models import InstallationState
from addons.services import get_addon, install, uninstall
from directory_export.facts import SLUG as EXPORT
from printmgmt.console.shell.parameters import HIGHEST, LONGEST, midnight, moment_of, number_in, text_of
from printmgmt.deprovisioning.models import BreakerBatch, Trigger
from printmgmt.deprovisioning.receipts.making import make_receipt
from printmgmt.organizations.models import Account, Organization
from printmgmt.people.groups import create_group
from printmgmt.people.memberships import Change, Members, Verb, change_groups
from printmgmt.people.models import PrintUser, ReviewItem, ReviewKind
from scim_sync.models import FederatedTrust, ProvisioningEvent
from tests import factories, many
from tests.printmgmt.bulk.prepared import bulk_operation
from tests.printmgmt.printing import equipment
from tests.proofs import Deal
from tests.scim_sync.client import Scim

pytestmark = pytest.mark.django_db

HOSTILE = [
    "9" * 4400,
    "-1",
    str(2**63),
    "1-" + "9" * 30,
    "9" * 18 + "-1",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00",
    "\0",
    "x" * 10_000,
    "²",
    "١٢",
    "ada%' OR 1=1 --",
    "00000000-0000-0000-0000-000000000000",
]
RAW = ["%ED%A0%80", "%FF%FE", "%00%00", "", "%", "%F0%9F"]
"""As they stand in the address: half a character, no UTF-8, nothing."""

VALUES = [*map(quote, HOSTILE), *RAW]

# A file: a download that reads no parameter, and has none to offer where no export was delivered.
UNLINKED = {"directory_export:download"}


@pytest.fixture
def contoso() -> Organization:
    """With the add-on, and one question of its directory's."""
    organization = factories.organization("Contoso")
    factories.installed(organization)
    person = factories.person(organization)
    ReviewItem.objects.create(organization=organization, person=person, kind=ReviewKind.values[0], key="x")
    return organization


@pytest.fixture
def furnished() -> Organization:
    """Something on every page."""
    organization = factories.organization("Contoso")
    past = [factories.installed(organization), install(organization, get_addon(EXPORT), by=factories.TESTER)]
    Scim.of(past[0]).create("past@contoso.example")
    for one in past:
        uninstall(one, Disposition.KEEP, by=factories.TESTER)
    installation = factories.installed(organization)
    azure = Scim.of(installation)
    pushed = azure.create("pushed@contoso.example")
    azure.create("pushed@contoso.example")
    azure.create_group("Pushed", pushed.id)
    export = install(organization, get_addon(EXPORT), by=factories.TESTER)
    many.rows_everywhere(installation, export, range(3))
    people = [factories.person(organization) for _number in range(3)]
    group = create_group(organization, "Staff", by=factories.TESTER)
    inside = Members(people=frozenset(person.pk for person in people))
    change_groups([group], Change(Verb.ADD, inside), by=factories.TESTER)
    for kind in ReviewKind:
        ReviewItem.objects.create(organization=organization, person=people[0], kind=kind, key=f"x{kind}")
    for trigger in Trigger:
        factories.leaver(organization, trigger)
    return organization


def client_of(organization: Organization) -> Client:
    client = Client()
    client.force_login(organization.administrators.order_by("created_at")[0].account)
    return client


def patterns(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every address of the project: the name of its view, its route, the view."""
    for found in resolver.url_patterns:
        route = prefix + str(found.pattern)
        if isinstance(found, URLResolver):
            below = f"{found.namespace}:" if found.namespace else ""
            yield from patterns(found, route, namespace + below)
        else:
            yield f"{namespace}{found.name}", route, found.callback


def organization_pages() -> set[str]:
    """The names of the pages inside an organization."""
    return {
        name
        for name, route, callback in patterns(get_resolver())
        if route.startswith("o/<slug:organization>/") and answers_get(callback)
    }


def answers_get(callback: Any) -> bool:
    view: Any = getattr(callback, "view_class", None)
    return view is not None and "get" in view.http_method_names and hasattr(view, "get")


def other_pages() -> set[str]:
    """Addresses outside of organizations, with something in the place of each argument.

    SCIM's have tests of their own, and so have the host's (`tests/printmgmt/host/test_parameters.py`).
    """
    return {
        f"/{filled(route)}"
        for _name, route, _callback in patterns(get_resolver())
        if not route.startswith(("o/<slug:organization>/", "host/", "scim/"))
    }


def filled(route: str) -> str:
    """A route as an address: `sessions/<int:session>/end/` is `sessions/1/end/`."""
    for argument, text in [
        *[(r"\(\?P<\w+>[^)]*\)", "x"), (r"<int:\w+>", "1")],
        *[(r"<(?:\w+:)?\w+>", "x"), (r"[\^$\\]", "")],
    ]:
        route = re.sub(argument, text, route)
    return route


def reached(client: Client, start: str) -> dict[str, str]:
    """One address of each page that links lead to, by the name of its view."""
    pages: dict[str, str] = {}
    waiting = [start]
    while waiting:
        path = urlsplit(waiting.pop()).path
        name = resolve(path).view_name
        if name in pages or "logout" in path:
            continue
        answer = client.get(path)
        if answer.status_code != 200:
            continue
        pages[name] = path
        if not answer.streaming:
            waiting += re.findall(
                r'(?:href|hx-get|action)="(/(?:o|account)/[^"#]*)"', answer.content.decode()
            )
    return pages


def parameters_of(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names a page asks its address for."""
    keys: set[str | None] = set()

    class Listening(QueryDict):
        def get(self, key: Any, default: Any = None) -> Any:
            keys.add(key)
            return super().get(key, default)

        def getlist(self, key: Any, default: Any = None) -> Any:
            keys.add(key)
            return super().getlist(key, default)

        def __contains__(self, key: object) -> bool:
            keys.add(str(key))
            return super().__contains__(key)

    with monkeypatch.context() as patch:
        patch.setattr(WSGIRequest, "GET", property(lambda request: Listening("")))
        client.get(path)
    return {name for name in keys if name is not None}  # rest framework asks for None: no format parameter


def queries(names: Iterable[str], values: Iterable[str]) -> Iterator[str]:
    """All of these parameters with one value after another."""
    names = sorted(names)
    for value in values:
        yield "&".join(f"{name}={value}" for name in names)
    yield urlencode({name: ["1", "x", "2026-11-28"] for name in names}, doseq=True)
    yield "&".join(f"{name}[]=1&{name}[a]=1&{name}=[1]" for name in names)


def broken(client: Client, path: str, names: Iterable[str], values: Iterable[str]) -> set[str]:
    """The queries with these values that a page answers with 500, cut short."""
    client.raise_request_exception = False
    return {
        query[:80] for query in queries(names, values) if client.get(f"{path}?{query}").status_code >= 500
    }


def federated(sync: dict[str, object]) -> object:
    """A trust of an installation."""
    trust = FederatedTrust.objects.create(
        installation_id=sync["installation"],
        issuer=f"https://login.microsoftonline.com/{uuid4()}/v2.0",
        subject=str(uuid4()),
        audience=str(uuid4()),
    )
    return trust.pk


def test_no_parameter_of_any_page_breaks_it(
    furnished: Organization, monkeypatch: pytest.MonkeyPatch, client: Client, deal: Deal
) -> None:
    """Each page is asked with the parameters that it reads."""
    client = client_of(furnished)
    client.raise_request_exception = False
    pages = reached(client, f"/o/{furnished.slug}/") | reached(client, reverse("account"))
    person, group = (resolve(pages[f"console:{one}"]).kwargs for one in ("person", "group"))
    other = PrintUser.objects.of(furnished).exclude(pk=person["person"])[0]
    organization = {"organization": furnished.slug}
    log = resolve(pages["scim_sync:log"]).kwargs
    sync = {**organization, "installation": log["installation"]}
    event = ProvisioningEvent.objects.filter(installation__state=InstallationState.UNINSTALLED)[0]
    past = {**organization, "installation": event.installation_id}
    queue = {
        **organization,
        "printer": equipment.secure_queue(equipment.print_server(furnished)).pk,
    }
    run = {**organization, "run": factories.leaver(furnished).pk}
    make_receipt(run["run"])
    operation = bulk_operation(furnished, [factories.person(furnished)])
    for name, arguments in [
        *[(f"console:{view}", run) for view in ("receipt", "receipt_file", "run_skip", "run_approve")],
        *[
            ("console:person_hold_lift", person),
            ("console:person_anonymise", person),
            ("console:bulk", {**organization, "operation": operation.pk}),
        ],
        ("console:batch", {**organization, "batch": BreakerBatch.objects.create(organization=furnished).pk}),
        *[("console:person_timeline", person), ("console:person_edit", person)],
        *[("console:person_merge", {**person, "other": other.pk})],
        *[("console:group_timeline", group), ("scim_sync:connection", sync)],
        *[("scim_sync:add_trust", sync), ("scim_sync:change_trust", {**sync, "trust": federated(sync)})],
        *[("scim_sync:past_log", past), ("scim_sync:past_event", {**past, "event": event.pk})],
        *[("console:secure_release_change", queue), ("console:secure_release_end", queue)],
    ]:
        pages[name] = reverse(name, kwargs=arguments)
    missing = organization_pages() - set(pages) - UNLINKED
    named = {name: parameters_of(client, path, monkeypatch) for name, path in pages.items()}

    found = {
        name: broken(client, path, named[name], deal(row, VALUES))
        for row, (name, path) in enumerate(pages.items())
        if named[name]
    }

    assert sum(map(len, named.values())) > 40
    assert missing == set()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("is_known", [True, False], ids=["signed in", "stranger"])
def test_no_parameter_of_a_page_outside_of_organizations_breaks_it(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch, client: Client, deal: Deal, is_known: bool
) -> None:
    """Signing in, the account and its two-factor authentication, invitations, probes."""
    client = client_of(contoso) if is_known else client
    client.raise_request_exception = False
    pages = other_pages() - {reverse("account_logout")}  # what follows it would be a stranger's
    assert {"/account/login/", "/invitation/x/", "/account/two-factor/totp/activate/", "/readyz"} <= pages

    found = {
        path: broken(client, path, parameters_of(client, path, monkeypatch) | {"next"}, deal(row, VALUES))
        for row, path in enumerate(sorted(pages))
    }

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("newest", [*HOSTILE, "", "1"])
def test_approving_all_answers_whatever_number_it_is_given(contoso: Organization, newest: str) -> None:
    page = factories.page_of(contoso, "scim_sync:review_approve_all")

    assert client_of(contoso).post(page, {"newest": newest}).status_code == 302


@pytest.mark.parametrize(
    "path", ["people/{}/", "runs/{}/", "sync/log/{}/", "groups/{}/", "administrators/{}/"]
)
@pytest.mark.parametrize("value", ["9" * 4400, "9" * 30, "-1", "%00", "%ED%A0%80", "x" * 5000])
def test_no_id_in_a_path_breaks_a_page(contoso: Organization, path: str, value: str) -> None:
    client = client_of(contoso)
    client.raise_request_exception = False

    assert client.get(f"/o/{contoso.slug}/{path.format(value)}").status_code in {400, 404}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[("0", 0), ("17", 17), ("007", 7), (str(HIGHEST), HIGHEST)],
        *[
            (text, None)
            for text in ("", "-1", "1.0", "²", "١", " 1", str(HIGHEST + 1), "9" * 4400, "0" * 4400)
        ],
    ],
)
def test_a_number_is_one_a_table_can_hold(text: str, number: int | None) -> None:
    assert number_in(text) == number


def test_a_text_is_as_long_as_a_name_and_storable() -> None:
    query = QueryDict("", mutable=True)
    query["q"] = "  a\0b\ud800c" + "x" * 10_000

    assert text_of(query, "q") == ("abc" + "x" * 10_000)[:LONGEST]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-28T10:00:00+02:00", datetime(2026, 11, 28, 8, tzinfo=UTC)),
        *[(text, None) for text in ("", "x", "2026-11-28T10:00:00", "2026-13-01T00:00:00Z", *HOSTILE)],
    ],
)
def test_a_moment_has_a_zone_and_lies_within_the_calendar(text: str, moment: datetime | None) -> None:
    assert moment_of(QueryDict("before=" + quote(text)), "before") == moment


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Sao_Paulo"])
@pytest.mark.parametrize("day", [date.min, date(2026, 11, 28), date.max])
def test_midnight_exists_at_both_ends_of_the_calendar(zone: str, day: date) -> None:
    with timezone.override(zone):
        assert midnight(day) <= midnight(day, days=1)
        assert not Account.objects.filter(
            date_joined__gte=midnight(day, days=1), date_joined__lt=midnight(day)
        )
