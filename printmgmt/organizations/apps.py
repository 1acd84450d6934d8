"""Whose: organizations, the accounts that sign in, and their roles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "printmgmt.organizations"
    label = "organizations"
    verbose_name = _("Organizations")

    def ready(self) -> None:
        """A second factor ends what was opened without one; mails are registered."""
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415  # allauth's models need ours first

        from printmgmt.mail.kinds import register_kind  # noqa: PLC0415  # likewise
        from printmgmt.organizations.invitation_mail import InvitationMail  # noqa: PLC0415  # likewise
        from printmgmt.organizations.password_reset import PasswordReset  # noqa: PLC0415  # likewise
        from printmgmt.organizations.sessions import end_other_sessions  # noqa: PLC0415  # likewise
        from printmgmt.organizations.two_factor_reset_mail import (  # noqa: PLC0415  # likewise
            ResetByYou,
            ResetOfYours,
        )

        for kind in (InvitationMail(), PasswordReset(), ResetOfYours(), ResetByYou()):
            register_kind(kind)
        authenticator_added.connect(end_other_sessions, dispatch_uid="end_other_sessions")
