"""Giving a person a card or a PIN."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from printmgmt.people.credentials import CREDENTIAL_LENGTH

PIN_LENGTH = 4
"""Characters of a PIN that is typed here, at least."""


class CardForm(forms.Form):
    number = forms.CharField(
        label=_("Card number"),
        max_length=CREDENTIAL_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
        help_text=_(
            "Type the number, or tap the card on a reader that types it. Only the last four digits are "
            "shown afterwards."
        ),
    )


class PinWay(models.TextChoices):
    """How a new PIN is chosen and delivered."""

    MAIL = "mail", _("Generate a PIN and email it to the person")
    SHOW = "show", _("Generate a PIN and show it once")
    TYPE = "type", _("Set a PIN the person has chosen")


class PinForm(forms.Form):
    """A way, and the PIN itself for the one that needs it; mailing only where there is a work email."""

    way = forms.ChoiceField(
        label=_("Method"),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        choices=PinWay.choices,
    )
    pin = forms.CharField(
        label=_("PIN"),
        max_length=CREDENTIAL_LENGTH,
        min_length=PIN_LENGTH,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Only for a PIN the person has chosen. It is never shown again."),
    )

    def __init__(self, *args: Any, work_email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [way for way in PinWay if work_email or way != PinWay.MAIL]
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)  # noqa: S101 -- for the type checker: declared above
        way.choices = [(choice.value, choice.label) for choice in ways]
        way.initial = ways[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") == PinWay.TYPE and "pin" in cleaned and not cleaned["pin"].strip():
            self.add_error("pin", ValidationError(gettext("Enter the PIN.")))
        return cleaned
