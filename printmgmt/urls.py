"""Every address of the project; the add-ons mount their own behind the framework."""

from django.urls import include, path

from printmgmt.console.views.home import HomeView
from printmgmt.probes import healthz, readyz

handler400 = "printmgmt.errors.bad_request"
handler403 = "printmgmt.errors.permission_denied"
handler404 = "printmgmt.errors.page_not_found"
handler500 = "printmgmt.errors.server_error"

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("healthz", healthz),
    path("readyz", readyz),
    path("account/", include("allauth.account.urls")),
    path("o/<slug:organization>/", include("printmgmt.console.urls")),
    path("", include("addons.urls")),
]
