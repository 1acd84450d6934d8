"""The page of a release station."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from printmgmt.errors import answer_errors_under


class StationPageConfig(AppConfig):
    name = "printmgmt.station_page"
    label = "station_page"
    verbose_name = _("Station page")

    def ready(self) -> None:
        from printmgmt.station_page.failures import show_failure  # noqa: PLC0415

        answer_errors_under("station/", show_failure)
