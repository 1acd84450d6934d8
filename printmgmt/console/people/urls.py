"""Addresses of a person and the list of people, inside an organization."""

from printmgmt.console.shell.pages import addresses

urlpatterns = addresses("printmgmt.console.people")
