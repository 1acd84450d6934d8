"""What is refused most often, with what to do about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, Sum
from django.utils import timezone

from addons.models import Installation
from scim_sync.models import OF_GROUPS, Action, ProvisioningEvent
from scim_sync.provisioning_log.causes import Cause, cause_of

RECENT = timedelta(days=7)
SHOWN = 5


@dataclass(frozen=True)
class Trouble:
    """One kind of refusal of the last seven days."""

    action: Action
    status: int
    times: int
    last_at: datetime
    cause: Cause


def troubles_of(installation: Installation) -> list[Trouble]:
    """The most frequent refused writes of the last seven days, in one query."""
    counted = ProvisioningEvent.objects.counted().filter(installation=installation)
    refused = counted.filter(counter__at__gte=timezone.now() - RECENT).exclude(action=Action.SIGN_IN)
    kinds = (
        refused.annotate(of_group=Q(path__contains=OF_GROUPS))
        .values("action", "status", "scim_type", "reasons", "of_group")
        .annotate(times=Sum("counter__count"), latest=Max("counter__at"))
    )
    return [
        Trouble(
            Action(kind["action"]),
            kind["status"],
            kind["times"],
            kind["latest"],
            cause_of(
                kind["status"],
                kind["scim_type"],
                kind["action"],
                reasons=kind["reasons"],
                of_group=kind["of_group"],
            ),
        )
        for kind in kinds.order_by("-times", "-latest")[:SHOWN]
    ]
