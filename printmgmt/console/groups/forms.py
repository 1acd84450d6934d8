"""The name of a group, made by hand or renamed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from printmgmt.people.names import NAME_LENGTH


class GroupForm(forms.Form):
    display_name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
        help_text=_(
            "Must be unique among groups created here, ignoring letter case. A directory's group may "
            "have the same name."
        ),
    )
