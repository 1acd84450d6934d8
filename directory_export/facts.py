"""Name, slug and icon of the add-on, for its AppConfig and its console pages."""

from typing import Final

from django.utils.translation import gettext_lazy as _

SLUG: Final = "directory-export"
NAME: Final = _("Directory export")
ICON: Final = "upload"
