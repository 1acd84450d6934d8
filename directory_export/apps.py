"""The facts of the add-on."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from addons.base import AddonConfig
from directory_export import facts

if TYPE_CHECKING:
    from printmgmt.console.shell.extensions import Extensions


class DirectoryExportConfig(AddonConfig):
    name = "directory_export"
    slug = facts.SLUG
    verbose_name = facts.NAME
    summary = _("Exports your people and groups to another system every night, as CSV or JSON.")
    publisher = _("Print Management")
    keywords = (
        "csv", "json", "https", "webhook", "folder", "nightly", "backup", "people", "groups",
        "exportation", "annuaire", "dossier", "sauvegarde",
    )  # fmt: skip
    icon = facts.ICON
    addon_class = "directory_export.addon.DirectoryExport"
    learn_more_template = "directory_export/learn_more.html"
    consent_template = "directory_export/_consent.html"
    urls = "directory_export.urls"
    allows_several = True
    several_note = _("Add another one to export to a second system as well.")
    history_view = "directory_export:past_history"

    def extend(self, console: "Extensions") -> None:
        # Models are loaded by the time the framework calls this, not when this module is read.
        from directory_export import console_hooks  # noqa: PLC0415

        console_hooks.register(console)
