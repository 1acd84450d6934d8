"""What the add-on is called: read by its AppConfig and by what hangs in the console."""

from typing import Final

from django.utils.translation import gettext_lazy as _

SLUG: Final = "directory-export"
NAME: Final = _("Directory export")
ICON: Final = "upload"
