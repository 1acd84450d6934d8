"""Addresses of administrators, invitations and roles, inside an organization."""

from printmgmt.console.shell.pages import addresses

urlpatterns = addresses("printmgmt.console.administrators")
