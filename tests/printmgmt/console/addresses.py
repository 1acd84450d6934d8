"""The addresses of an organization's pages, and what stands behind each: made when a test asks for it."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from addons.models import Installation, InstallationState
from addons.services import configure, get_addon, install
from directory_export.facts import SLUG as EXPORT
from directory_export.services import export_now
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import BatchState, BreakerBatch
from printmgmt.deprovisioning.policy import current_policy
from printmgmt.deprovisioning.receipts.making import make_receipt
from printmgmt.organizations.invitations import invite
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.credentials import set_card
from printmgmt.people.devices import enrol_device
from printmgmt.people.groups import create_group
from printmgmt.people.models import PrintGroup, ReviewItem, ReviewKind
from printmgmt.printing.models import OwnerDoubt, Printer, PrintJob
from scim_sync.credentials.clients import create_client_secret
from scim_sync.credentials.tokens import mint_first_token
from scim_sync.models import Action, FederatedTrust, ProvisioningEvent, Result, ScimClientSecret
from tests import factories
from tests.due import deliver_due
from tests.printmgmt.bulk.prepared import bulk_operation
from tests.printmgmt.printing import equipment

Arguments = dict[str, Any]


class Addresses(dict[str, str]):
    """The URL of each view in an organization, where all it names exists."""

    def __init__(self, of: Organization) -> None:
        super().__init__()
        self.of = of

    def __missing__(self, name: str) -> str:
        self[name] = url_of(name, self.of, arguments_of(name, self.of))
        return self[name]


def url_of(name: str, of: Organization, arguments: Arguments) -> str:
    return reverse(name, kwargs={"organization": of.slug, **arguments})


def organization_views(
    resolver: URLResolver, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """The views below an organization's address, by name."""
    for name, route, found in _routes(resolver, prefix, namespace):
        if route.startswith("o/<slug:organization>/"):
            yield name, found


def _routes(
    resolver: URLResolver, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    for found in resolver.url_patterns:
        route = prefix + str(found.pattern)
        if isinstance(found, URLResolver):
            below = f"{found.namespace}:" if found.namespace else ""
            yield from _routes(found, route, namespace + below)
        else:
            yield f"{namespace}{found.name}", route, found


PARAMETERS = {name: re.findall(r"<(?:\w+:)?(\w+)>", route) for name, route, _found in _routes(get_resolver())}
"""What the URL of each view names, from left to right."""


def arguments_of(name: str, of: Organization) -> Arguments:
    """What the URL of a view names besides the organization: made there, with what its page needs."""
    app = name.partition(":")[0]
    for wanted in (f"{app}:", name):
        if wanted in BEHIND:
            BEHIND[wanted](of)
    made: Arguments = {}
    for parameter in PARAMETERS[name]:
        if parameter != "organization":
            maker = NAMED.get(f"{name}/{parameter}") or NAMED[f"{app}/{parameter}"]
            made[parameter] = maker(of, made)
    return made


def _receipted(of: Organization) -> Any:
    run = factories.leaver(of)
    make_receipt(run.pk)
    return run.pk


def _synced(of: Organization) -> Installation:
    found = Installation.objects.filter(organization=of, slug=factories.ADDON, uninstalled_at=None).first()
    if found is None:
        found = factories.installed(of)
        mint_first_token(found, by=factories.TESTER)
    return found


def _client_secret(of: Organization) -> int:
    """A client secret of the sync: one for all pages."""
    installation = _synced(of)
    secrets = ScimClientSecret.objects.filter(client__installation=installation)
    if not secrets.exists():
        create_client_secret(installation, by=factories.TESTER, label="Azure")
    return secrets.get().pk


def _exporting(of: Organization) -> Installation:
    found = Installation.objects.filter(organization=of, slug=EXPORT, uninstalled_at=None).first()
    made = found or install(of, get_addon(EXPORT), by=factories.TESTER)
    return configure(made, {"destination": "folder"}, by=factories.TESTER)


def _group(of: Organization) -> PrintGroup:
    return create_group(of, f"Staff of {of.slug} {of.groups.count()}", by=factories.TESTER)


def _printer(of: Organization) -> Printer:
    return equipment.printer(equipment.print_server(of))


def _question(of: Organization, kind: ReviewKind, person: Any, source: str = "") -> int:
    keep = {"source": source} if source else {}
    return ReviewItem.objects.create(organization=of, person_id=person, kind=kind, key=str(person), **keep).pk


def _event(installation: Installation) -> int:
    return ProvisioningEvent.objects.create(
        installation=installation, action=Action.CREATE, result=Result.OK, status=201, method="POST", path="/"
    ).pk


def _trust(of: Organization) -> Any:
    tenant, subject, application = uuid4(), uuid4(), uuid4()
    issuer = f"https://login.microsoftonline.com/{tenant}/v2.0"
    values = {"issuer": issuer, "subject": str(subject), "audience": str(application)}
    return FederatedTrust.objects.create(installation=_synced(of), **values).pk


def _past(of: Organization, slug: str) -> Any:
    return Installation.objects.create(
        organization=of, slug=slug, state=InstallationState.UNINSTALLED, uninstalled_at=timezone.now()
    ).pk


def _file(of: Organization) -> Any:
    run, _groups = export_now(_exporting(of), by=factories.TESTER)
    deliver_due()
    return run.pk


def _invited(of: Organization) -> int:
    owner = of.administrators.filter(role=Role.OWNER)[0]
    email = f"grace{of.invitations.count()}@{of.slug}.example"
    return invite(of, email, Role.AUDITOR, by=owner).pk


def _job(of: Organization) -> PrintJob:
    """A job that waits, of nobody yet."""
    at = equipment.printer(equipment.print_server(of))
    return equipment.print_job(at, owner_text="stranger", owner_key="stranger", doubt=OwnerDoubt.UNKNOWN)


# What a page shows or needs that its URL does not name: by app, then by view.
def _removed(of: Organization) -> object:
    """A run with a step that cannot be undone."""
    return leaving.remove(factories.person(of), by=factories.TESTER).pk


BEHIND: dict[str, Callable[[Organization], object]] = {
    "addons:": _synced,
    "scim_sync:": _synced,
    "directory_export:": _exporting,
    "console:dashboard": lambda of: (_synced(of), factories.leaver(of)),
    "console:people": factories.person,
    "console:leavers": factories.leaver,
    "console:leaving_preview": factories.person,
    "console:policy_versions": lambda of: current_policy(of),
    "console:leavers_report": factories.leaver,
    "console:leavers_report_print": factories.leaver,
    "console:still_holding": lambda of: equipment.print_job(_printer(of), factories.leaver(of).person),
    "console:groups": _group,
    "console:printers": lambda of: _job(of),
    "console:jobs": lambda of: _job(of),
    "console:unassigned_jobs": lambda of: _job(of),
    "console:stations": lambda of: equipment.station(_printer(of)),
    "console:station_add": lambda of: _printer(of),
    "console:administrators": _invited,
    "console:print_servers": factories.print_server,
    "scim_sync:log": lambda of: _event(_synced(of)),
    "scim_sync:switch_off_client": _client_secret,
    "scim_sync:switch_on_client": _client_secret,
    "scim_sync:review": lambda of: NAMED["scim_sync/item"](of, {}),
}

# What a URL names: by app or view, and parameter; the second argument is what was made for it so far.
NAMED: dict[str, Callable[[Organization, Arguments], Any]] = {
    "console/person": lambda of, _made: factories.person(of).pk,
    "console/other": lambda of, _made: factories.person(of).pk,
    "console/credential": lambda of, made: (
        set_card(of.people.get(pk=made["person"]), f"CARD-{of.pk}", by=factories.TESTER).pk
    ),
    "console/device": lambda of, made: (
        enrol_device(of.people.get(pk=made["person"]), "laptop", by=factories.TESTER)[0].pk
    ),
    "console/item": lambda of, made: _question(of, ReviewKind.REHIRE, made["person"]),
    "console/group": lambda of, _made: _group(of).pk,
    "console/server": lambda of, _made: factories.print_server(of).pk,
    "console:secure_release_end/printer": lambda of, _made: (
        equipment.secure_queue(equipment.print_server(of)).pk
    ),
    "console/station": lambda of, _made: equipment.station(_printer(of))[0].pk,
    "console/printer": lambda of, _made: _job(of).printer_id,
    "console/job": lambda of, _made: _job(of).pk,
    "console:run_approve/run": lambda of, _made: _removed(of),
    "console:receipt/run": lambda of, _made: _receipted(of),
    "console:receipt_file/run": lambda of, _made: _receipted(of),
    "console/batch": lambda of, _made: (
        BreakerBatch.objects.get_or_create(organization=of, state=BatchState.OPEN)[0].pk
    ),
    "console/run": lambda of, _made: factories.leaver(of).pk,
    "console/operation": lambda of, _made: bulk_operation(of, [factories.person(of)]).pk,
    "console/administrator": lambda of, _made: factories.administrator(of, Role.HELPDESK).pk,
    "console/invitation": lambda of, _made: _invited(of),
    "addons/addon": lambda _of, _made: factories.ADDON,
    "scim_sync/token": lambda of, _made: _synced(of).tokens.get().pk,
    "scim_sync/secret": lambda of, _made: _client_secret(of),
    "scim_sync/event": lambda of, _made: _event(_synced(of)),
    "scim_sync/hint": lambda _of, _made: "active",
    "scim_sync/trust": lambda of, _made: _trust(of),
    "scim_sync/item": lambda of, _made: _question(
        of, ReviewKind.LINK, factories.person(of).pk, _synced(of).source
    ),
    "addons/installation": lambda of, _made: _synced(of).pk,
    "scim_sync/installation": lambda of, _made: _synced(of).pk,
    "scim_sync:past_log/installation": lambda of, _made: _past(of, factories.ADDON),
    "scim_sync:past_event/installation": lambda of, _made: _past(of, factories.ADDON),
    "scim_sync:past_event/event": lambda _of, made: _event(Installation.objects.get(pk=made["installation"])),
    "directory_export/run": lambda of, _made: _file(of),
    "directory_export/installation": lambda of, _made: _exporting(of).pk,
    "directory_export:past_history/installation": lambda of, _made: _past(of, EXPORT),
}
