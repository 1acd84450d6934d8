"""Django's admin for the host's own staff, at `/host/`."""

from django.contrib.admin.apps import SimpleAdminConfig


class HostConfig(SimpleAdminConfig):
    """Shows our three models only: what other apps would register is not the staff's to change."""

    default_site = "printmgmt.host.site.HostSite"

    def ready(self) -> None:
        """Register them, now that the models are loaded."""
        super().ready()
        from printmgmt.host import admin  # noqa: F401, PLC0415
