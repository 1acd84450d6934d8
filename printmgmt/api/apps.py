"""The API that release stations and administrators' programs share (docs/api.md)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from printmgmt.api.problems import answer_error
from printmgmt.errors import answer_errors_under


class ApiConfig(AppConfig):
    name = "printmgmt.api"
    label = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        answer_errors_under("api/", answer_error)
