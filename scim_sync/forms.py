"""The add-on's settings, as an administrator sees and changes them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.email_addresses import validate_address
from scim_sync.preferences import (
    DEFAULTS,
    FEWEST_DAYS,
    MOST_DAYS,
    Linking,
    MembersReplace,
    UnknownMembers,
)


class SyncSettingsForm(forms.Form):
    """Settings of one installation; stored by the framework as its cleaned data."""

    linking = forms.ChoiceField(
        label=_("When the directory sends a user name that already exists"),
        choices=Linking.choices,
        initial=DEFAULTS.linking,
        widget=forms.Select(
            attrs={
                "data-confirm-changed": _(
                    "From now on the new setting applies when the directory sends people who already "
                    "exist here. Links that exist are kept."
                )
            }
        ),
    )
    replace_members = forms.ChoiceField(
        label=_("PATCH “replace” for group members"),
        choices=MembersReplace.choices,
        initial=DEFAULTS.replace_members,
    )
    unknown_members = forms.ChoiceField(
        label=_("Unknown group members"), choices=UnknownMembers.choices, initial=DEFAULTS.unknown_members
    )
    keep_events_days = forms.IntegerField(
        label=_("Keep the provisioning log for (days)"),
        min_value=FEWEST_DAYS,
        max_value=MOST_DAYS,
        initial=DEFAULTS.keep_events_days,
        widget=forms.NumberInput(
            attrs={
                "data-confirm-less": _("Older log entries are deleted within a day. This cannot be undone.")
            }
        ),
    )
    notification_address = forms.EmailField(
        label=_("Email when the sync fails or goes quiet"),
        help_text=_("Owners and administrators are always notified."),
        required=False,
        validators=[validate_address],
        initial="",
    )


_LIFETIMES = [
    (90, _("90 days")),
    (180, _("180 days")),
    (365, _("365 days")),
    (730, _("730 days")),
]


class RotateForm(forms.Form):
    """Label and lifetime of a further secret token."""

    label = forms.CharField(label=_("Name"), max_length=100, help_text=_("For example “Azure, 2027”."))
    days = forms.TypedChoiceField(label=_("Expires in"), choices=_LIFETIMES, coerce=int, initial=365)


class ClientSecretForm(RotateForm):
    """Label and lifetime of a client secret: three years at most, as Microsoft asks."""

    prefix = "client"
    days = forms.TypedChoiceField(
        label=_("Expires in"), choices=[*_LIFETIMES, (1095, _("1,095 days"))], coerce=int, initial=365
    )
