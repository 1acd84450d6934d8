"""One vocabulary of reasons: stored as a list; filtered on both databases."""

import pytest

from addons.models import Installation
from scim_sync.models import Action, ProvisioningEvent, Result
from scim_sync.provisioning_log.reasons import Reason


def event(installation: Installation, *reasons: str) -> ProvisioningEvent:
    return ProvisioningEvent.objects.create(
        installation=installation,
        action=Action.UPDATE,
        result=Result.WARNING,
        status=200,
        method="PATCH",
        path="/",
        reasons=list(reasons),
    )


@pytest.mark.both_databases
@pytest.mark.django_db
def test_events_are_found_by_any_of_their_reasons(installation: Installation) -> None:
    card = event(installation, Reason.CARD_HELD)
    both = event(installation, Reason.CARD_HELD, Reason.BLANK)
    none = event(installation)

    def found(*wanted: str) -> set[ProvisioningEvent]:
        return set(ProvisioningEvent.objects.filter(reasons__includes_any=list(wanted)))

    assert found(Reason.CARD_HELD) == {card, both}
    assert found(Reason.BLANK, Reason.NOT_ACTIVE) == {both}
    assert found("card", "blan", "'", '"', "$") == set()
    assert found() == set()
    assert set(ProvisioningEvent.objects.exclude(reasons__includes_any=[Reason.BLANK])) == {card, none}
