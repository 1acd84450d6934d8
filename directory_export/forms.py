"""Forms for the settings, and for the secret, which is stored separately and encrypted."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from directory_export.destinations.addresses import check_literal
from directory_export.destinations.exceptions import DeliveryError
from directory_export.preferences import Destination, Format, Proof
from printmgmt.organizations.email_addresses import validate_address

FOLDER = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}(/[A-Za-z0-9][A-Za-z0-9_-]{0,63}){0,4}"
"""Simple names without dots, so neither ``..`` nor hidden folders are possible."""


class ExportSettingsForm(forms.Form):
    """Settings of one installation. The framework stores the cleaned data."""

    destination = forms.ChoiceField(
        label=_("Export to"), choices=Destination.choices, initial=Destination.OFF
    )
    format = forms.ChoiceField(label=_("Format"), choices=Format.choices, initial=Format.CSV)
    at = forms.CharField(
        label=_("Every day at"),
        help_text=_("In the organization's time zone."),
        initial="02:00",
        widget=forms.TimeInput(attrs={"type": "time"}),
        validators=[RegexValidator(r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z", _("Enter a time such as 02:00."))],
    )
    folder = forms.CharField(
        label=_("Folder"),
        help_text=_("Inside your organization's folder; may be empty. Letters, digits, “-”, “_” and “/”."),
        required=False,
        initial="",
        validators=[RegexValidator(rf"\A{FOLDER}\Z", _("Use plain names, such as payroll/people."))],
    )
    keep = forms.IntegerField(
        label=_("Number of files to keep (each type)"),
        min_value=1,
        max_value=366,
        initial=7,
        widget=forms.NumberInput(
            attrs={"data-confirm-less": _("The next export deletes the oldest files above this number.")}
        ),
    )
    address = forms.CharField(
        label=_("Address"),
        help_text=_("Files are sent there by POST. Changing the host clears the secret."),
        required=False,
        max_length=500,
        initial="",
        widget=forms.URLInput,
    )
    proof = forms.ChoiceField(label=_("Authentication"), choices=Proof.choices, initial=Proof.BEARER)
    notification_address = forms.EmailField(
        label=_("Email when an export fails"),
        help_text=_("Owners and administrators are always notified."),
        required=False,
        validators=[validate_address],
        initial="",
    )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address:
            try:
                check_literal(address)
            except DeliveryError as error:
                raise forms.ValidationError(str(error)) from error
        return address

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        destination = values.get("destination")
        if destination == Destination.FOLDER and not settings.EXPORT_ROOT:
            self.add_error("destination", _("The host has not set a folder for exports."))
        if destination == Destination.HTTPS and not values.get("address") and "address" not in self.errors:
            self.add_error("address", _("Enter the address to send to."))
        return values


class SecretForm(forms.Form):
    """The secret shared with the receiver: printable ASCII, because it may be sent in a header."""

    secret = forms.CharField(
        label=_("Secret"),
        help_text=_("At least 16 characters, without spaces."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        validators=[
            RegexValidator(
                r"\A[\x21-\x7e]{16,512}\Z",
                _("Enter 16 to 512 characters: letters, digits and symbols, no spaces."),
            )
        ],
    )
