"""The fields of a person, added by hand or edited; those the directory owns are locked."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from printmgmt.people.models import NAME_LENGTH, PrintUser
from printmgmt.people.services import EDITABLE_FIELDS, TEXT_LENGTH


class PersonForm(forms.Form):
    """EDITABLE_FIELDS of a person. ``owned`` names those that cannot be changed here, whatever is posted."""

    user_name = forms.CharField(
        label=_("User name"),
        max_length=NAME_LENGTH,
        help_text=_("The name the person prints under, often the e-mail address. Nobody else may have it."),
    )
    display_name = forms.CharField(label=_("Display name"), max_length=NAME_LENGTH, required=False)
    work_email = forms.EmailField(label=_("Work e-mail"), required=False)
    department = forms.CharField(label=_("Department"), max_length=TEXT_LENGTH, required=False)
    employee_number = forms.CharField(label=_("Employee number"), max_length=TEXT_LENGTH, required=False)
    preferred_language = forms.CharField(
        label=_("Preferred language"),
        max_length=TEXT_LENGTH,
        required=False,
        help_text=_("Such as en or fr-CA. Mails to the person are written in it where that is possible."),
    )

    def __init__(self, *args: Any, owned: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in owned:
            self.fields[name].disabled = True

    def changes(self) -> dict[str, str]:
        """The fields that were typed over, so that nobody else's change to another one is undone."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


def initial_of(person: PrintUser) -> dict[str, str]:
    """A person's fields as PersonForm shows them."""
    return {name: getattr(person, name) for name in EDITABLE_FIELDS}
