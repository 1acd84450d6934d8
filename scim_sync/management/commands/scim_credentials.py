"""`manage.py scim_credentials`: what Azure asks for to connect another way, in one line of JSON."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from addons.exceptions import Uninstalled
from addons.models import Installation
from printmgmt.audit.actors import system
from scim_sync.credentials.addressed import addressed_installation
from scim_sync.credentials.clients import LIFETIME, LONGEST, create_client_secret, token_endpoint
from scim_sync.credentials.tokens import tenant_url
from scim_sync.credentials.ways import CLIENT_CREDENTIALS
from scim_sync.exceptions import TokenError
from scim_sync.facts import SLUG


class Command(BaseCommand):
    help = (
        "Create what Azure asks for to connect; prints client_id, token_endpoint, tenant_url and, for "
        "client-credentials, client_secret, which cannot be read again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--installation", required=True, help="id of the add-on's installation")
        parser.add_argument("--method", required=True, choices=[CLIENT_CREDENTIALS])
        parser.add_argument(
            "--days",
            type=int,
            default=LIFETIME.days,
            help=f"days until the client secret expires (1 to {LONGEST.days}, {LIFETIME.days} by default)",
        )

    def handle(self, *args: Any, installation: str, days: int, **options: Any) -> None:
        found = addressed_installation(installation)
        if found is None or found.slug != SLUG:
            raise CommandError(f"There is no installation {installation!r}")
        self.stdout.write(json.dumps(_client_credentials(found, days)))


def _client_credentials(installation: Installation, days: int) -> dict[str, str]:
    if not 1 <= days <= LONGEST.days:
        raise CommandError(f"--days {days}: a number from 1 to {LONGEST.days} is needed")
    by = system("manage.py scim_credentials")
    try:
        made = create_client_secret(
            installation, by=by, label="manage.py scim_credentials", lifetime=timedelta(days=days)
        )
    except (TokenError, Uninstalled) as error:
        raise CommandError(str(error)) from error
    return {
        "client_id": str(made.client.pk),
        "client_secret": made.text,
        "token_endpoint": token_endpoint(installation),
        "tenant_url": tenant_url(installation),
    }
