"""Addresses of the dashboard, inside an organization."""

from printmgmt.console.shell.pages import addresses

urlpatterns = addresses("printmgmt.console.dashboard")
