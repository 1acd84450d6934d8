"""The form of a station: its name, and the printer beside it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from printmgmt.printing.stations.managing import NAME_LENGTH


class StationForm(forms.Form):
    """``printer`` is the id of a queue; the page shows a search with a list to choose it from."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Where people find it, such as Entrance hall. It is shown at the station."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    printer = forms.UUIDField(
        label=_("Printer"), error_messages={"required": _("Choose the printer beside the station.")}
    )
