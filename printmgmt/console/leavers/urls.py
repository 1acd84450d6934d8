"""Addresses of the list of leavers and each run, inside an organization."""

from django.urls import path

from printmgmt.console.leavers.views.actions import RunTryAgainView
from printmgmt.console.leavers.views.leavers import LeaversView, RunView

urlpatterns = [
    path("leavers/", LeaversView.as_view(), name="leavers"),
    path("leavers/<uuid:run>/", RunView.as_view(), name="run"),
    path("leavers/<uuid:run>/try-again/", RunTryAgainView.as_view(), name="run_try_again"),
]
