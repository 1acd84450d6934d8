"""The add-on's own console pages."""

from printmgmt.console.shell.pages import addresses

app_name = "scim_sync"

urlpatterns = addresses("scim_sync.console")
