"""Addresses of groups, inside an organization."""

from printmgmt.console.shell.pages import addresses

urlpatterns = addresses("printmgmt.console.groups")
