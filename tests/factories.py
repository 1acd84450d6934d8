"""Organizations, administrators, people and leavers for tests, made by the services the console uses."""

from functools import cache
from itertools import count
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.test import Client

from addons.addresses import address_of
from addons.models import Installation
from addons.services import get_addon, install
from printmgmt.audit.actors import Actor, system
from printmgmt.audit.models import ActorKind
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, Trigger
from printmgmt.organizations.models import Account, Administrator, Organization
from printmgmt.organizations.roles import Role
from printmgmt.organizations.services import create_organization
from printmgmt.people import services as people
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import PrintServer, ServerRound
from printmgmt.printing.servers.connecting import BOX

ADDON = "azure-ad-user-sync"
EXPORT = "directory-export"
TESTER = system("tests")
DIRECTORY = Actor(kind=ActorKind.TOKEN, label="SCIM", id="1", source=f"{ADDON}:1")
PASSWORD = "correct horse battery"

_number = count(1)


def organization(name: str = "Contoso") -> Organization:
    """An organization with an owner of its own; the same name twice makes two organizations."""
    made, _owner = create_organization(name, owner_email=f"owner{next(_number)}@contoso.example")
    return made


@cache
def _password_as_stored() -> str:
    """The digest of ``PASSWORD``. Making one is slow on purpose, so all accounts of the tests share it."""
    return make_password(PASSWORD)


def account(email: str = "") -> Account:
    """Who can sign in, with ``PASSWORD``; administers nothing yet."""
    made = Account.objects.create_user(email or f"account{next(_number)}@contoso.example")
    made.password = _password_as_stored()
    made.save(update_fields=["password"])
    return made


def administrator(of: Organization, role: Role = Role.OWNER, *, who: Account | None = None) -> Administrator:
    """``who``, or a new account, with a role in an organization."""
    return Administrator.objects.create(organization=of, account=who or account(), role=role)


def signed_in(of: Organization, role: Role = Role.OWNER) -> Client:
    """A browser in which a new administrator is signed in and has just given the password again."""
    return entered(administrator(of, role).account)


def entered(who: Account) -> Client:
    """A browser in which an account is signed in and has just given the password again."""
    client = Client()
    client.force_login(who)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, who, method="password", reauthenticated=True)
    request.session.save()
    return client


def person(of: Organization, user_name: str = "", *, by: Actor = TESTER, **fields: Any) -> PrintUser:
    """An active person."""
    return people.create_person(
        of, by=by, user_name=user_name or f"person{next(_number)}@contoso.example", **fields
    )


def print_server(of: Organization, name: str = "", **fields: Any) -> PrintServer:
    """A print server that nobody ever asked: the console may not even connect to its address."""
    number = next(_number)
    uri = f"ipps://192.0.2.1:{10_000 + number}/"
    key = uri.removeprefix("ipps://").rstrip("/")
    values = {"uri": uri, "address_key": key, "user_name": "operator", "sealed_secret": BOX.seal(PASSWORD)}
    server = PrintServer.objects.create(
        organization=of, name=name or f"Server {number}", **{**values, **fields}
    )
    ServerRound.objects.create(organization=of, server=server)
    return server


def page_of(of: Organization, view: str, **more: Any) -> str:
    """The path of a page about an add-on's newest installation in an organization, be it past or none.

    The add-on is the one whose page it is, for the framework's pages the sync.
    """
    slug = more.pop("addon", EXPORT if view.startswith("directory_export:") else ADDON)
    newest = of.installations.filter(slug=slug).order_by("-installed_at").first()
    return address_of(newest or Installation(organization=of, slug=slug), view, **more)


def installed(of: Organization, **settings: object) -> Installation:
    """The add-on, installed; without a secret token (`mint_first_token` makes one)."""
    return install(of, get_addon(ADDON), by=TESTER, settings=settings)


def leaver(
    of: Organization,
    trigger: Trigger = Trigger.SUSPENDED,
    *,
    who: PrintUser | None = None,
    by: Actor = TESTER,
) -> DeprovisionRun:
    """The run of ``who``, or a new person, who was just suspended or removed; nothing of it performed yet."""
    end = leaving.remove if trigger == Trigger.REMOVED else leaving.suspend
    run = end(who or person(of), by=by)
    if run is None:
        raise ValueError("the person's access had ended already")
    return run
