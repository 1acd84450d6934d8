"""Django's admin for the host's own staff, at `/host/`."""

from django.contrib.admin.apps import SimpleAdminConfig


class HostConfig(SimpleAdminConfig):
    """Shows only our three models. The staff must not change what other apps would register."""

    default_site = "printmgmt.host.site.HostSite"

    def ready(self) -> None:
        """Register the models, which are loaded by now."""
        super().ready()
        from printmgmt.host import admin  # noqa: F401, PLC0415
