"""Addresses about the signed-in account, or for signing in: no organization is in them."""

from django.urls import include, path
from django.views.generic import RedirectView

from printmgmt.console.account.views.account import AccountView
from printmgmt.console.account.views.home import HomeView
from printmgmt.console.account.views.invitation import InvitationView
from printmgmt.console.account.views.sessions import SessionEndView

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("account/", AccountView.as_view(), name="account"),
    # The address is who one is, for invitations and for leavers: nobody changes it alone.
    path("account/email/", RedirectView.as_view(pattern_name="account")),
    path("account/", include("allauth.account.urls")),
    path("account/two-factor/", include("allauth.mfa.urls")),
    path("account/sessions/<int:session>/end/", SessionEndView.as_view(), name="session_end"),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("invitation/<str:token>/", InvitationView.as_view(), name="invitation"),
]
