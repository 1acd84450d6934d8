"""Addresses of the list of leavers and each run, inside an organization."""

from printmgmt.console.shell.pages import addresses

urlpatterns = addresses("printmgmt.console.leavers")
