"""Whose: organizations, the accounts that sign in, and their roles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "printmgmt.organizations"
    label = "organizations"
    verbose_name = _("Organizations")
