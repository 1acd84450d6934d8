"""Who prints: people, groups, cards, devices."""

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "printmgmt.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        # Needs models, which are loaded by now and not when this module is read.
        from printmgmt.mail.kinds import register_kind  # noqa: PLC0415
        from printmgmt.people.checks import check_attributes  # noqa: PLC0415
        from printmgmt.people.pins import PinMail  # noqa: PLC0415
        from printmgmt.people.tombstones import erase_groups  # noqa: PLC0415
        from printmgmt.work.sweeps import register  # noqa: PLC0415

        checks.register(check_attributes)
        register("people.erase_groups", erase_groups)
        register_kind(PinMail())
