"""`manage.py scim_credentials`: what Azure asks for to connect another way, in one line of JSON."""

import json
from datetime import timedelta
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from addons.choosing import choose_installation
from addons.exceptions import NotChosen, Uninstalled
from addons.models import Installation
from addons.services import get_addon
from printmgmt.audit.actors import system
from printmgmt.organizations.models import Organization
from scim_sync.credentials.addressed import addressed_installation
from scim_sync.credentials.clients import LIFETIME, LONGEST, create_client_secret, token_endpoint
from scim_sync.credentials.tokens import tenant_url
from scim_sync.credentials.ways import CLIENT_CREDENTIALS, FEDERATION
from scim_sync.exceptions import TokenError
from scim_sync.facts import SLUG
from scim_sync.federation.exceptions import PastedError, TrustError
from scim_sync.federation.trusts import add_trust

BY: Final = system("manage.py scim_credentials")
PASTED: Final = ("issuer", "subject", "audience")


class Command(BaseCommand):
    help = (
        "Create what Azure asks for to connect; prints client_id, token_endpoint, tenant_url and, for "
        "client-credentials, client_secret, which cannot be read again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--installation", default="", help="id, or with --organization the name, of a directory"
        )
        parser.add_argument(
            "--organization",
            default="",
            help="short name (slug) of the organization; alone if it has one directory",
        )
        parser.add_argument("--method", required=True, choices=[CLIENT_CREDENTIALS, FEDERATION])
        parser.add_argument(
            "--days",
            type=int,
            default=LIFETIME.days,
            help=f"days until the client secret expires (1 to {LONGEST.days}, {LIFETIME.days} by default)",
        )
        for name in PASTED:
            parser.add_argument(f"--{name}", default="", help=f"for federation: the {name} that Azure shows")

    def handle(self, *args: Any, installation: str, method: str, days: int, **options: Any) -> None:
        found = _chosen(installation, options["organization"])
        pasted = {name: options[name] for name in PASTED}
        if method == FEDERATION:
            made = _federation(found, pasted)
        elif any(pasted.values()):
            raise CommandError(f"{', '.join(f'--{name}' for name in PASTED)} are for --method {FEDERATION}")
        else:
            made = _client_credentials(found, days)
        self.stdout.write(json.dumps(made))


def _chosen(installation: str, slug: str) -> Installation:
    if not slug:
        if not installation:
            raise CommandError("Say which directory with --installation, or --organization")
        found = addressed_installation(installation)
        if found is None or found.slug != SLUG:
            raise CommandError(f"There is no installation {installation!r}")
        return found
    try:
        return choose_installation(Organization.objects.get(slug=slug), get_addon(SLUG), installation)
    except Organization.DoesNotExist as error:
        raise CommandError(f"There is no organization {slug!r}") from error
    except NotChosen as error:
        raise CommandError(f"{error} (--installation)") from error


def _client_credentials(installation: Installation, days: int) -> dict[str, str]:
    if not 1 <= days <= LONGEST.days:
        raise CommandError(f"--days {days}: a number from 1 to {LONGEST.days} is needed")
    try:
        made = create_client_secret(
            installation, by=BY, label="manage.py scim_credentials", lifetime=timedelta(days=days)
        )
    except (TokenError, Uninstalled) as error:
        raise CommandError(str(error)) from error
    return {
        "client_id": str(made.client.pk),
        "client_secret": made.text,
        "token_endpoint": token_endpoint(installation),
        "tenant_url": tenant_url(installation),
    }


def _federation(installation: Installation, pasted: dict[str, str]) -> dict[str, str]:
    for name, text in pasted.items():
        if not text:
            raise CommandError(f"--method {FEDERATION} needs --{name}, as Azure shows it")
    try:
        trust = add_trust(
            installation,
            issuer=pasted["issuer"],
            subject=pasted["subject"],
            audience=pasted["audience"],
            by=BY,
        )
    except (PastedError, TrustError, Uninstalled) as error:
        raise CommandError(str(error)) from error
    return {
        "client_id": str(trust.pk),
        "token_endpoint": token_endpoint(installation),
        "tenant_url": tenant_url(installation),
    }
