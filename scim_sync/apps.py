"""The facts of the add-on."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from addons.base import AddonConfig, Api
from scim_sync import facts

if TYPE_CHECKING:
    from printmgmt.console.shell.extensions import Extensions


class AzureAdUserSyncConfig(AddonConfig):
    name = "scim_sync"
    slug = facts.SLUG
    verbose_name = facts.NAME
    summary = _("Keeps print users in sync with Microsoft Entra ID: joiners, changes and leavers.")
    publisher = _("Print Management")
    keywords = (
        "microsoft", "azure", "azure ad", "entra", "entra id", "active directory", "scim", "provisioning",
        "users", "sync", "utilisateurs", "synchronisation", "annuaire", "approvisionnement",
    )  # fmt: skip
    icon = facts.ICON
    pause_note = facts.PAUSE_NOTE
    addon_class = "scim_sync.addon.AzureAdUserSync"
    learn_more_template = "scim_sync/learn_more.html"
    consent_template = "scim_sync/_consent.html"
    allows_several = True
    several_note = _(
        "Add another one for a second directory: when firms merge, for a second school, or to test beside "
        "production. Each person is managed by the directory that added them."
    )
    urls = "scim_sync.console.urls"
    history_view = "scim_sync:past_log"
    checks = (
        "scim_sync.adapters.checks.check_adapters",
        "scim_sync.adapters.checks.check_extensions",
        "scim_sync.adapters.attribute_checks.check_attributes",
        "scim_sync.federation.checks.check_keys_origin",
    )
    apis = (
        Api("scim/", "scim_sync.api.urls", "scim_sync.api.outside.answer_error"),
        Api("oauth/", "scim_sync.oauth.urls", "scim_sync.oauth.errors.answer_error"),
    )

    def extend(self, console: "Extensions") -> None:
        # Models are loaded by the time the framework calls this, not when this module is read.
        from printmgmt.deprovisioning.retention.observers import on_anonymised  # noqa: PLC0415
        from printmgmt.web.shares import share_threads_below  # noqa: PLC0415
        from scim_sync.api.outside import too_many  # noqa: PLC0415
        from scim_sync.console import hooks  # noqa: PLC0415
        from scim_sync.services.erasing import erase_person  # noqa: PLC0415

        hooks.register(console)
        on_anonymised(erase_person)
        share_threads_below("scim/v2/", too_many())
