"""Addresses of print jobs, inside an organization."""

from printmgmt.console.shell.pages import addresses

urlpatterns = addresses("printmgmt.console.jobs")
