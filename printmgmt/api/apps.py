"""The API that release stations and administrators' programs share (docs/api.md)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from printmgmt.errors import answer_errors_under


class ApiConfig(AppConfig):
    name = "printmgmt.api"
    label = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        # Rest framework reads the settings when it is imported.
        from printmgmt.api.problems import answer_error  # noqa: PLC0415

        answer_errors_under("api/", answer_error)
