"""Addresses of the console inside an organization."""

from django.urls import path

from printmgmt.console.views.dashboard import DashboardView
from printmgmt.console.views.leavers import LeaversView, RunView
from printmgmt.console.views.people import PeopleView, PersonView

app_name = "console"

urlpatterns = [
    path("", DashboardView.as_view(), name="dashboard"),
    path("people/", PeopleView.as_view(), name="people"),
    path("people/<uuid:person>/", PersonView.as_view(), name="person"),
    path("leavers/", LeaversView.as_view(), name="leavers"),
    path("leavers/<uuid:run>/", RunView.as_view(), name="run"),
]
