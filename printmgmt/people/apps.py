"""Who prints: people, groups, cards, devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "printmgmt.people"
    label = "people"
    verbose_name = _("People")
