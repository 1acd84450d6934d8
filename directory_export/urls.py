"""The add-on's own console pages."""

from django.urls import path

from directory_export.views import DownloadView, ExportNowView, HistoryView, PastHistoryView, SecretView

app_name = "directory_export"

urlpatterns = [
    path("now/", ExportNowView.as_view(), name="export_now"),
    path("secret/", SecretView.as_view(), name="secret"),
    path("history/", HistoryView.as_view(), name="history"),
    path("past/<uuid:installation>/history/", PastHistoryView.as_view(), name="past_history"),
    path("history/<uuid:run>/file/", DownloadView.as_view(), name="download"),
]
