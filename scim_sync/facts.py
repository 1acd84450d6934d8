"""Name, slug and icon of the add-on, for its AppConfig and its parts of the console."""

from typing import Final

from django.utils.translation import gettext_lazy as _

SLUG: Final = "azure-ad-user-sync"
NAME: Final = _("Microsoft Azure AD User Sync")
ICON: Final = "brand-azure"
PAUSE_NOTE: Final = _("While it is paused, people who leave keep their access.")
