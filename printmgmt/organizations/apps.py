"""Whose: organizations, the accounts that sign in, and their roles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "printmgmt.organizations"
    label = "organizations"
    verbose_name = _("Organizations")

    def ready(self) -> None:
        """A second factor ends what was opened without one."""
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415  # allauth's models need ours first

        from printmgmt.organizations.sessions import end_other_sessions  # noqa: PLC0415  # likewise

        authenticator_added.connect(end_other_sessions, dispatch_uid="end_other_sessions")
