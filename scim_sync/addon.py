"""The behaviour of the add-on, bound to one organization's installation."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from addons.base import Addon, Disposition, Handover, Health
from printmgmt.audit.actors import Actor
from printmgmt.checks import is_public_https
from printmgmt.deprovisioning import services as leaving
from printmgmt.people.models import CONSOLE, Credential, PrintUser
from scim_sync import health, reviews, tokens
from scim_sync.cadence import cadence_of
from scim_sync.console.connection import connection_of
from scim_sync.exceptions import AlreadyMinted
from scim_sync.forms import RotateForm, SyncSettingsForm
from scim_sync.trouble import troubles_of

OWNED = (PrintUser, Credential)
"""What carries a source; the console's own once the installation is gone."""


class AzureAdUserSync(Addon):
    """Serves SCIM to the organization's Entra tenant."""

    settings_form = SyncSettingsForm
    details_template = "scim_sync/details.html"
    brings_people = True

    def on_uninstall(self, people: Disposition, *, by: Actor) -> None:
        """Revoke every token; keep the people as the console's own, suspend or remove them."""
        tokens.revoke_all(self.installation, by=by)
        reviews.close_links(self.installation)
        source = self.installation.source
        if people != Disposition.KEEP:
            end = leaving.suspend if people == Disposition.SUSPEND else leaving.remove
            synced = PrintUser.objects.of(self.installation.organization).filter(source=source)
            for person in synced.live().iterator():
                end(person, by=by)
        for model in OWNED:
            model._default_manager.filter(source=source).update(source=CONSOLE)

    def hand_over(self, *, by: Actor) -> Handover:
        """Tenant URL and first secret token; without the token where one was minted before."""
        facts: dict[str, str | None] = {"tenant_url": tokens.tenant_url(self.installation), "token": None}
        try:
            facts["token"] = tokens.mint_first_token(self.installation, by=by)
        except AlreadyMinted as error:
            return Handover(facts, incomplete=str(error))
        return Handover(facts)

    def details(self) -> Mapping[str, Any]:
        made = list(self.installation.tokens.select_related("created_by").order_by("-created_at"))
        return {
            "tenant_url": tokens.tenant_url(self.installation),
            "tokens": made,
            "live_tokens": sum(token.is_live for token in made),
            "connection": connection_of(self.installation),
            "cadence": cadence_of(self.installation),
            "troubles": troubles_of(self.installation),
            "rotate_form": RotateForm(),
            "reachable": is_public_https(settings.PUBLIC_URL),
        }

    def health(self) -> Health:
        return health.check(self.installation)
