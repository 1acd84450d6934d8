"""Mail: the outbox, just above durable work."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "printmgmt.mail"
    label = "mail"
    verbose_name = _("Email")

    def ready(self) -> None:
        # Needs models, which are loaded by now and not when this module is read.
        from printmgmt.mail.outbox import forget_old  # noqa: PLC0415
        from printmgmt.mail.sending import Mails  # noqa: PLC0415
        from printmgmt.work import sweeps  # noqa: PLC0415

        sweeps.register_work(Mails())
        sweeps.register("mail.forget_old", forget_old)
