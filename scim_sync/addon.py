"""What the add-on does, for one installation."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from addons.base import Addon, Handover, Health
from addons.disposition import Disposition
from printmgmt.audit.actors import Actor
from printmgmt.checks import is_public_https
from printmgmt.people.models import PersonState, PrintUser
from scim_sync.console.connection import connection_of
from scim_sync.console.ways import ways_of
from scim_sync.credentials import tokens
from scim_sync.credentials.ways import end_all_ways
from scim_sync.exceptions import AlreadyMinted
from scim_sync.forms import SyncSettingsForm
from scim_sync.monitoring import health
from scim_sync.monitoring.cadence import cadence_of
from scim_sync.monitoring.hints.shown import hints_row, shown_hints, with_examples
from scim_sync.protocol import limits
from scim_sync.provisioning_log.trouble import troubles_of
from scim_sync.services import review_decisions


class AzureAdUserSync(Addon):
    """Serves SCIM to the organization's Entra tenant."""

    settings_form = SyncSettingsForm
    details_template = "scim_sync/details.html"
    limits_template = "scim_sync/_limits.html"
    brings_people = True

    def on_uninstall(self, people: Disposition, *, by: Actor) -> None:
        """Revoke all that opens it, and close the open review items."""
        end_all_ways(self.installation, by=by)
        review_decisions.close_open(self.installation)

    def hand_over(self, *, by: Actor) -> Handover:
        """Tenant URL and first secret token; no token if there was one before."""
        facts: dict[str, str | None] = {"tenant_url": tokens.tenant_url(self.installation), "token": None}
        try:
            facts["token"] = tokens.mint_first_token(self.installation, by=by)
        except AlreadyMinted as error:
            return Handover(facts, incomplete=str(error))
        return Handover(facts)

    def details(self) -> Mapping[str, Any]:
        connection = connection_of(self.installation)
        hints = shown_hints(hints_row(connection.contact))
        return {
            "tenant_url": tokens.tenant_url(self.installation),
            "ways": ways_of(self.installation),
            "connection": connection,
            "hints": with_examples(hints, self.installation),
            "cadence": cadence_of(self.installation),
            "troubles": troubles_of(self.installation),
            "reachable": is_public_https(settings.PUBLIC_URL),
        }

    def limits(self) -> Mapping[str, Any]:
        active = PrintUser.objects.of(self.installation.organization).filter(state=PersonState.ACTIVE)
        return {
            "limits": limits,
            "seats_taken": active.count(),
            "requests_per_second": settings.SCIM_REQUESTS_PER_SECOND,
            "requests_at_once": settings.SCIM_REQUESTS_AT_ONCE,
        }

    def health(self) -> Health:
        return health.check(self.installation)
