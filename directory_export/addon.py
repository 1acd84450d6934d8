"""The behavior of the add-on for one installation."""

from collections.abc import Mapping
from typing import Any

from addons.base import Addon, Health
from addons.disposition import Disposition
from directory_export import health, services
from directory_export.forms import ExportSettingsForm, SecretForm
from directory_export.models import ExportPlan, ExportRun
from directory_export.preferences import Destination, preferences_of
from printmgmt.audit.actors import Actor
from printmgmt.organizations.moments import zone_of

LAST_RUNS = 6


class DirectoryExport(Addon):
    """Writes the organization's people and groups to a folder or an https address."""

    settings_form = ExportSettingsForm
    details_template = "directory_export/details.html"

    def on_install(self, *, by: Actor) -> None:
        services.plan(self.installation)

    def on_configure(self, *, by: Actor) -> None:
        services.plan(self.installation)

    def on_uninstall(self, people: Disposition, *, by: Actor) -> None:
        """The add-on added no people, so ``people`` has no effect. Files and history stay."""
        services.close(self.installation)

    def details(self) -> Mapping[str, Any]:
        preferences = preferences_of(self.installation)
        plan = ExportPlan.objects.filter(installation=self.installation).first()
        runs = ExportRun.objects.filter(installation=self.installation).order_by("-created_at", "-id")
        return {
            "preferences": preferences,
            "zone": zone_of(self.installation.organization),
            "is_off": preferences.destination == Destination.OFF,
            "to_folder": preferences.destination == Destination.FOLDER,
            "has_secret": services.has_secret(self.installation),
            "next_export": plan.next_due_at if plan else None,
            "runs": runs[:LAST_RUNS],
            "secret_form": SecretForm(),
        }

    def health(self) -> Health:
        return health.check(self.installation)
