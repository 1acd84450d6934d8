"""The settings of one installation, as values the code can work with, and what each is at first."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from addons.models import Installation

FEWEST_DAYS: Final = 1
MOST_DAYS: Final = 3650
"""How long the provisioning log may be kept, at least and at most."""


class Linking(models.TextChoices):
    """What happens when the directory writes to a person the console knows already."""

    LINK = "link", _("Link automatically if the user name is the same")
    REVIEW = "review", _("Ask: an administrator approves each link")
    REFUSE = "refuse", _("Reject: keep manually added people separate")


class MembersReplace(models.TextChoices):
    """What a PATCH ``replace`` of ``members`` means; Azure sends it to add members."""

    AZURE = "azure", _("Entra behavior: add the named members")
    RFC = "rfc", _("RFC 7644 behavior: replace the whole list")


class UnknownMembers(models.TextChoices):
    REFUSE = "refuse", _("Reject with 400; Entra retries later")
    IGNORE = "ignore", _("Ignore with a warning")


@dataclass(frozen=True)
class Preferences:
    """How an installation treats what the directory writes, and for how long it keeps its log of that.

    The defaults are what an installation starts with. Raises ValueError for what the form would refuse.
    """

    linking: Linking = Linking.LINK
    replace_members: MembersReplace = MembersReplace.AZURE
    unknown_members: UnknownMembers = UnknownMembers.REFUSE
    keep_events_days: int = 30

    def __post_init__(self) -> None:
        if not FEWEST_DAYS <= self.keep_events_days <= MOST_DAYS:
            raise ValueError(
                f"keep_events_days: {self.keep_events_days} is no number from {FEWEST_DAYS} to {MOST_DAYS}"
            )

    @property
    def keep_events(self) -> timedelta:
        """How long an event stays in the provisioning log."""
        return timedelta(days=self.keep_events_days)

    @property
    def replace_adds(self) -> bool:
        """Whether a PATCH ``replace`` of ``members`` takes nobody out."""
        return self.replace_members == MembersReplace.AZURE


DEFAULTS: Final = Preferences()


def preferences_of(installation: Installation) -> Preferences:
    """Read ``installation.settings``, which the settings form validated; what is not there is a default."""
    given = installation.settings
    return Preferences(
        linking=Linking(given.get("linking", DEFAULTS.linking)),
        replace_members=MembersReplace(given.get("replace_members", DEFAULTS.replace_members)),
        unknown_members=UnknownMembers(given.get("unknown_members", DEFAULTS.unknown_members)),
        keep_events_days=given.get("keep_events_days", DEFAULTS.keep_events_days),
    )
