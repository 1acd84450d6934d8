"""The add-on's settings, as an administrator sees and changes them."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.email_addresses import validate_address

KEEP_EVENTS_DAYS = 30


class Linking(models.TextChoices):
    """What happens when the directory writes to a person the console knows already."""

    LINK = "link", _("Link them: an exact user name is the same person")
    REVIEW = "review", _("Ask: an administrator approves each link")
    REFUSE = "refuse", _("Refuse: people made here stay apart")


class MembersReplace(models.TextChoices):
    """What a PATCH ``replace`` of ``members`` means; Azure sends it to add members."""

    AZURE = "azure", _("As Azure means it: adds the members named")
    RFC = "rfc", _("As RFC 7644 says: replaces the whole list")


class UnknownMembers(models.TextChoices):
    REFUSE = "refuse", _("Refuse with 400; Azure tries again later")
    IGNORE = "ignore", _("Ignore with a warning")


class SyncSettingsForm(forms.Form):
    """Settings of one installation; stored by the framework as its cleaned data."""

    linking = forms.ChoiceField(
        label=_("People known already"),
        choices=Linking.choices,
        initial=Linking.LINK,
        widget=forms.Select(
            attrs={
                "data-confirm-changed": _(
                    "From now on people this console knows already are treated in the new way when the"
                    " directory writes to them. Whoever is linked stays linked."
                )
            }
        ),
    )
    replace_members = forms.ChoiceField(
        label=_("“replace” on group members"), choices=MembersReplace.choices, initial=MembersReplace.AZURE
    )
    unknown_members = forms.ChoiceField(
        label=_("Unknown group members"), choices=UnknownMembers.choices, initial=UnknownMembers.REFUSE
    )
    keep_events_days = forms.IntegerField(
        label=_("Keep the provisioning log for (days)"),
        min_value=1,
        max_value=3650,
        initial=KEEP_EVENTS_DAYS,
        widget=forms.NumberInput(
            attrs={
                "data-confirm-less": _(
                    "Entries of the provisioning log that are older are deleted within a day and cannot be"
                    " brought back."
                )
            }
        ),
    )
    notification_address = forms.EmailField(
        label=_("Mail when the sync fails or goes quiet"),
        help_text=_("Besides the owners and administrators, who are always told."),
        required=False,
        validators=[validate_address],
        initial="",
    )


class RotateForm(forms.Form):
    """What a further secret token is called, and how long it lives."""

    label = forms.CharField(
        label=_("What the new token is called"), max_length=100, help_text=_("For instance “Azure, 2027”.")
    )
    days = forms.TypedChoiceField(
        label=_("It ends after"),
        choices=[
            (90, _("90 days")),
            (180, _("180 days")),
            (365, _("365 days")),
            (730, _("730 days")),
        ],
        coerce=int,
        initial=365,
    )
