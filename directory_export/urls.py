"""The add-on's own console pages."""

from printmgmt.console.shell.pages import addresses

app_name = "directory_export"

urlpatterns = addresses("directory_export.views")
