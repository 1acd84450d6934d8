"""Addresses of the dashboard, inside an organization."""

from django.urls import path

from printmgmt.console.dashboard.views import DashboardView

urlpatterns = [
    path("", DashboardView.as_view(), name="dashboard"),
]
