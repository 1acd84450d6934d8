"""The add-on framework: at start it hands what the add-ons declare to the core's hooks."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from addons.base import all_addons
from addons.checks import check_addons
from printmgmt.api_requests import skip_console_under
from printmgmt.errors import answer_errors_under

WATCH_SECONDS = 300.0


class AddonsConfig(AppConfig):
    name = "addons"
    verbose_name = _("Add-ons")

    def ready(self) -> None:
        # Needs models, which are loaded by now and not when this module is read.
        from addons import attention, names, people_sources, uninstalling  # noqa: PLC0415
        from addons.mails import HealthMail, UninstalledMail  # noqa: PLC0415
        from printmgmt.console.shell.extensions import PeriodicTask, extensions  # noqa: PLC0415
        from printmgmt.mail.kinds import register_kind  # noqa: PLC0415
        from printmgmt.work import sweeps  # noqa: PLC0415

        register(check_addons)
        extensions.register_attention(attention.needs_of)
        register_kind(HealthMail())
        register_kind(UninstalledMail())
        extensions.register_people_sources(people_sources.installed)
        extensions.register_source_names(names.source_names_of)
        sweeps.register(uninstalling.UNINSTALLING, uninstalling.sweep, uninstalling.carry_on)
        extensions.register_periodic_task(PeriodicTask("addons-watch", "addons.watch", WATCH_SECONDS))
        for config in all_addons():
            config.extend(extensions)
            for api in config.apis:
                skip_console_under(api.prefix)
                if api.errors:
                    answer_errors_under(api.prefix, import_string(api.errors))
