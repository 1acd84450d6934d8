"""What an installation is called; and closing it: the name typed, and what becomes of the people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from addons.disposition import Disposition
from addons.models import MOST_LETTERS

WHAT_BECOMES = {
    Disposition.KEEP: _("Keep them: they can still print and are managed in this console from now on."),
    Disposition.SUSPEND: _(
        "Suspend them: cards, PINs and devices stop working immediately (within minutes for thousands of "
        "people). You can restore each person later."
    ),
    Disposition.REMOVE: _(
        "Remove them: access ends immediately (within minutes for thousands of people). Cards and PINs "
        "are erased after the restore period of your leaving policy."
    ),
}


class NameForm(forms.Form):
    """The name of an installation; empty for the name of its add-on."""

    name = forms.CharField(
        label=_("Name"),
        max_length=MOST_LETTERS,
        required=False,
        help_text=_("For example the location it serves. Leave empty to use the add-on's name."),
    )

    @property
    def complaint(self) -> str:
        """What is wrong with the name, in a sentence."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


class AnotherForm(NameForm):
    """The name of one more installation of an add-on; and of the first, where that is called as its add-on.

    ``first`` is what the first is called, "" where it is not asked for.
    """

    first_name = forms.CharField(
        label=_("Name of the one you have"),
        max_length=MOST_LETTERS,
        required=False,
        help_text=_("It can be changed on its settings page at any time."),
    )

    def __init__(self, *args: Any, first: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.required, name.label = True, _("Name of the new one")
        name.help_text = _("For example the location it serves. Menus, lists and emails show it.")
        if first:
            self.fields["first_name"].initial = first
        else:
            del self.fields["first_name"]


class UninstallForm(forms.Form):
    """``name`` must be the installation's, as it is written on the page.

    The choice for the people is shown if the add-on has ``brings_people``; otherwise they are kept.
    """

    people = forms.ChoiceField(
        label=_("People it added"),
        choices=[(choice.value, words) for choice, words in WHAT_BECOMES.items()],
        initial=Disposition.KEEP.value,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Type the name of the add-on to confirm"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, expected: str, brings_people: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        if not brings_people:
            del self.fields["people"]

    @property
    def disposition(self) -> Disposition:
        """What becomes of the people. Of a valid form."""
        return Disposition(self.cleaned_data.get("people", Disposition.KEEP))

    def clean_name(self) -> str:
        """Compared without letter case and extra blanks: it proves intention, not spelling."""
        name: str = self.cleaned_data["name"]
        if " ".join(name.split()).casefold() != self.expected.casefold():
            raise forms.ValidationError(_("This is not the name of the add-on."))
        return name
