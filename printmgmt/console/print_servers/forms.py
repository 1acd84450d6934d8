"""Forms about print servers: an address, and then everything else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from printmgmt.printing.servers.entries import ADDRESS_LENGTH, NAME_LENGTH, PASSWORD_LENGTH

ADDRESS_HELP = _(
    "Such as ipps://cups.example.com:631/. A printer that is not CUPS needs the path of its queue, too, such "
    "as ipps://printer.example.com:631/ipp/print."
)
# A browser that completes these would send the administrator's own login to the print server.
NO_COMPLETION = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class AddressForm(forms.Form):
    """Where a server is, before anything is asked of it."""

    address = forms.CharField(
        label=_("Address"),
        help_text=ADDRESS_HELP,
        max_length=ADDRESS_LENGTH,
        widget=forms.TextInput(attrs={"autofocus": True, "inputmode": "url", **NO_COMPLETION}),
    )


class ServerForm(forms.Form):
    """A server's name, address and login, and the certificate that a person has to confirm, if any.

    ``confirmed`` is asked for while ``fingerprint``, what the server showed, has a value.
    """

    name = forms.CharField(
        label=_("Name"),
        help_text=_("The name of the server in this console. Leave it empty to use the host name."),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("Address"),
        help_text=ADDRESS_HELP,
        max_length=ADDRESS_LENGTH,
        widget=forms.TextInput(attrs={"inputmode": "url", **NO_COMPLETION}),
    )
    user_name = forms.CharField(
        label=_("Operator"),
        help_text=_(
            "A user of the print server that belongs to a system group (usually lpadmin). A user for the "
            "console alone is best. Leave it empty for a printer that is not CUPS."
        ),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs=NO_COMPLETION),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_(
            "Stored encrypted and never shown. With it, the console could change the server's settings."
        ),
        max_length=PASSWORD_LENGTH,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={**NO_COMPLETION, "autocomplete": "new-password"}),
    )
    fingerprint = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label=_("I compared this fingerprint with the server's, and it is the same."), required=False
    )

    def ask_to_confirm(self, fingerprint: str) -> None:
        """Show this certificate instead of the one that was sent, not confirmed yet."""
        sent = {name: value for name, value in self.data.items() if name != "confirmed"}
        self.data = {**sent, "fingerprint": fingerprint}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("fingerprint") and not values.get("confirmed"):
            self.add_error("confirmed", _("Compare the fingerprint, then confirm it."))
        return values
