"""The organization's settings, and the rules of a leaving."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from printmgmt.deprovisioning.models import LeavingPolicy, WaitingJobs
from printmgmt.organizations.models import Organization

DAY = 24 * 60
"""Minutes."""

TEN_YEARS = 3_650
"""Days."""


@cache
def time_zones() -> list[tuple[str, str]]:
    """The names of places; not the aliases that tzdata keeps for its own use."""
    names = {
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/"))
    }
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(names))]


class OrganizationForm(forms.ModelForm[Organization]):
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Used for times in the console and in exported files.")
    )

    uncollected_hours = forms.IntegerField(
        label=_("Delete uncollected jobs after (hours)"),
        min_value=0,
        max_value=24 * 365,
        help_text=_(
            "Jobs that wait for their owner at a station are deleted this long after they were sent. "
            "0 means never. A change also applies to jobs that are waiting now."
        ),
    )

    class Meta:
        model = Organization
        fields = ("name", "time_zone", "match_local_part", "uncollected_hours")
        labels = {"name": _("Name")}
        help_texts = {
            "name": _("The console's web address stays the same."),
            "match_local_part": _(
                "Print servers often report ada where the directory has ada@contoso.com. Used only when "
                "exactly one person matches. A change also applies to past jobs, which are matched again in "
                "the background: turning this on assigns jobs, and turning it off unassigns those that only "
                "the part before @ matched. Jobs that someone assigned by hand stay as they are."
            ),
        }

    def __init__(self, data: QueryDict | None = None, *, instance: Organization) -> None:
        super().__init__(data, instance=instance, label_suffix="")
        known = time_zones()
        current = self.instance.time_zone
        field = self.fields["time_zone"]
        if isinstance(field, forms.ChoiceField):
            # One that tzdata has renamed since stays chosen until someone chooses another.
            field.choices = known if current in dict(known) else [(current, current), *known]


def _number(label: Any, least: int, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=help_text)


class PolicyForm(forms.Form):
    """The rules of a leaving, within sensible limits. The model's constraint has an error message here."""

    suspend_grace_days = _number(
        _("Restore period after a suspension (days)"),
        1,
        TEN_YEARS,
        _("Until then, cards and PIN are restored with the person. Afterwards they stay off."),
    )
    remove_grace_days = _number(
        _("Restore period after a removal (days)"),
        1,
        TEN_YEARS,
        _(
            "Afterwards cards and PINs are erased, and the same user name creates a new person. Deleted "
            "groups are kept for the same time."
        ),
    )
    waiting_jobs = forms.ChoiceField(
        label=_("Print jobs that are waiting"),
        choices=WaitingJobs.choices,
        help_text=_(
            "Held jobs can be released when the person comes back. Deleted jobs are gone. Jobs are moved on "
            "print servers where you chose a queue for them; elsewhere they are held."
        ),
    )
    close_queues = forms.BooleanField(
        label=_("Refuse new print jobs under the leaver's names"),
        required=False,
        help_text=_("On print servers whose lists of denied and allowed people the console manages."),
    )
    remove_after_days = forms.IntegerField(
        label=_("Remove people suspended for more than (days)"),
        min_value=1,
        max_value=TEN_YEARS,
        required=False,
        help_text=_(
            "Directories often suspend people and never delete them. Leave empty to remove nobody by itself."
        ),
    )
    breaker_people = _number(
        _("Pause when more people leave than"),
        1,
        1_000_000,
        _("Many people leaving at once is more often a mistake in the directory than real."),
    )
    breaker_percent = _number(_("… or than this percentage of all people, if that is more"), 1, 100)
    breaker_minutes = _number(_("… within this many minutes"), 1, 7 * DAY)
    retention_days = _number(_("Keep the history of removed people for (days)"), 1, 10 * TEN_YEARS)
    digest_minutes = _number(_("Email administrators about leavers at most every (minutes)"), 1, DAY)

    def __init__(self, data: QueryDict | None = None, *, policy: LeavingPolicy) -> None:
        initial = {name: getattr(policy, name) for name in self.base_fields}
        super().__init__(data, initial=initial, label_suffix="")

    def clean(self) -> dict[str, Any]:
        rules = super().clean() or self.cleaned_data
        window = rules.get("breaker_minutes")
        for name in ("suspend_grace_days", "remove_grace_days"):
            days = rules.get(name)
            if window and days and days * DAY < window:
                self.add_error(
                    name,
                    _(
                        "The restore period may not be shorter than the minutes within which leavers are "
                        "counted. Otherwise data would be erased before the wave is noticed."
                    ),
                )
        return rules
