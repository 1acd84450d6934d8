"""What was done, by whom."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "printmgmt.audit"
    label = "audit"
    verbose_name = _("Audit")
