"""`manage.py install_addon <slug> --organization <slug>`: what the Add button does, answered in JSON."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from addons.base import AddonConfig
from addons.choosing import is_called, listed
from addons.exceptions import AddonError, AlreadyInstalled
from addons.models import Installation
from addons.present import present_of
from addons.services import get_addon, install
from printmgmt.audit.actors import Actor, system
from printmgmt.organizations.models import Organization


class Command(BaseCommand):
    help = (
        "Install an add-on in an organization; prints installation and what the add-on answers (for Azure AD "
        "User Sync tenant_url and token). Exit code 3 when its one-time answer was given before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--organization", required=True, help="short name (slug) of the organization")
        parser.add_argument(
            "--name", default="", help="what to call it; without, as the add-on. With several: which one"
        )
        parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting")

    def handle(self, *args: Any, slug: str, organization: str, **options: Any) -> None:
        by = system("manage.py install_addon")
        try:
            config = get_addon(slug)
            target = Organization.objects.get(slug=organization)
            installation = self._installed(
                config, target, dict(map(_pair, options["set"])), options["name"], by
            )
        except Organization.DoesNotExist as error:
            raise CommandError(f"There is no organization {organization!r}") from error
        except AddonError as error:
            raise CommandError(str(error)) from error
        handover = config.bind(installation).hand_over(by=by)
        self.stdout.write(json.dumps({"installation": str(installation.pk), **handover.facts}))
        if handover.incomplete:
            self.stderr.write(str(handover.incomplete))
            sys.exit(3)

    def _installed(
        self, config: AddonConfig, organization: Organization, settings: dict[str, str], name: str, by: Actor
    ) -> Installation:
        present = present_of(organization, config.slug)
        named = [row for row in present if not name or is_called(row, name)]
        if not named:
            return install(organization, config, by=by, settings=settings, name=name)
        if len(named) > 1:
            raise AlreadyInstalled(
                f"{config.verbose_name} is already installed: {listed(named)}. Choose one with --name, or "
                "give another name to add one more"
            )
        if settings:
            raise AlreadyInstalled(
                f"{config.verbose_name} is already installed as {listed(named)}; --set is for a new one, "
                "which needs another --name"
            )
        return named[0]


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise CommandError(f"--set {text!r}: KEY=VALUE is needed")
    return key, value
