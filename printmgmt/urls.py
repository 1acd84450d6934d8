"""Every address of the project; the add-ons mount their own behind the framework."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from printmgmt.console.views.account import AccountView
from printmgmt.console.views.account_invitation import InvitationView
from printmgmt.console.views.account_sessions import SessionEndView
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
    path("account/", AccountView.as_view(), name="account"),
    # The address is who one is, for invitations and for leavers: nobody changes it alone.
    path("account/email/", RedirectView.as_view(pattern_name="account")),
    path("account/", include("allauth.account.urls")),
    path("account/two-factor/", include("allauth.mfa.urls")),
    path("account/sessions/<int:session>/end/", SessionEndView.as_view(), name="session_end"),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("host/", admin.site.urls),
    path("invitation/<str:token>/", InvitationView.as_view(), name="invitation"),
    path("o/<slug:organization>/", include("printmgmt.console.urls")),
    path("", include("addons.urls")),
]
