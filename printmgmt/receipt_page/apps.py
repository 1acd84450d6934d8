"""The public page that verifies receipts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceiptPageConfig(AppConfig):
    name = "printmgmt.receipt_page"
    label = "receipt_page"
    verbose_name = _("Receipt page")
