"""The root URLconf. The add-on framework includes the URLs of add-ons."""

from django.contrib import admin
from django.urls import include, path

from printmgmt.probes import healthz, readyz

handler400 = "printmgmt.errors.bad_request"
handler403 = "printmgmt.errors.permission_denied"
handler404 = "printmgmt.errors.page_not_found"
handler500 = "printmgmt.errors.server_error"

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("host/", admin.site.urls),
    path("", include("printmgmt.console.account.urls")),
    path("api/", include("printmgmt.api.urls")),
    path("station/", include("printmgmt.station_page.urls")),
    path("receipts/", include("printmgmt.receipt_page.urls")),
    path("o/<slug:organization>/", include("printmgmt.console.urls")),
    path("", include("addons.urls")),
]
