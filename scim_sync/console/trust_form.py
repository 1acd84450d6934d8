"""What an administrator pastes from Azure to set federation up."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scim_sync.federation.exceptions import PastedError
from scim_sync.federation.issuers import read_issuer
from scim_sync.federation.pasted import read_audience, read_identity, read_subject
from scim_sync.models import LONGEST_TEXT


class PastedField(forms.CharField):
    """Text that ``read`` reads; what it refuses is said at the field. Blanks around it are cut off."""

    def __init__(self, *, read: Callable[[str], object], **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, **kwargs)
        self.read = read
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            self.read(text)
        except PastedError as error:
            raise forms.ValidationError(str(error)) from error
        return text


class TrustForm(forms.Form):
    """Issuer, subject and audience, as Azure shows them."""

    issuer = PastedField(
        read=read_issuer,
        label=_("Issuer"),
        help_text=_(
            "For example https://login.microsoftonline.com/…/v2.0, with your tenant ID in the middle."
        ),
    )
    subject = PastedField(
        read=read_subject, label=_("Subject"), help_text=_("The object ID of the workload identity.")
    )
    audience = PastedField(
        read=read_audience, label=_("Audience"), help_text=_("For example api://…/.default, or the ID alone.")
    )

    def clean(self) -> dict[str, Any]:
        pasted = super().clean() or {}
        if set(pasted) == set(self.fields):
            try:
                read_identity(**pasted)
            except PastedError as error:
                raise forms.ValidationError(str(error)) from error
        return pasted
