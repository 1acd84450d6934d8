"""`manage.py create_organization "Contoso" --owner ada@contoso.example`: prints one line of JSON."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from printmgmt.audit.actors import system
from printmgmt.audit.services import record
from printmgmt.organizations.services import create_organization, sign_in_url


class Command(BaseCommand):
    help = (
        "Make an organization and its owner; prints organization, owner and sign_in_url as one line of JSON."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--owner", required=True, help="e-mail address of the first owner")

    def handle(self, *args: Any, name: str, owner: str, **options: Any) -> None:
        try:
            validate_email(owner)
        except ValidationError as error:
            raise CommandError(f"--owner: {owner!r} is no e-mail address") from error
        if not name.strip():
            raise CommandError("The organization needs a name")
        organization, account = create_organization(name.strip(), owner_email=owner)
        record(
            organization,
            "organization.created",
            by=system("manage.py create_organization"),
            object_type="organization",
            object_id=organization.pk,
            label=organization.name,
            owner=account.email,
        )
        answer = {
            "organization": organization.slug,
            "owner": account.email,
            "sign_in_url": sign_in_url(account),
        }
        self.stdout.write(json.dumps(answer))
