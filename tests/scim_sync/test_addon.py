"""The add-on's own hooks: what an administrator gets on installing, and what uninstalling leaves."""

import pytest

from addons.base import addon_by_slug
from addons.disposition import Disposition
from addons.models import Installation
from addons.services import uninstall
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Organization
from printmgmt.people.identification import identify
from printmgmt.people.models import CONSOLE, PersonState, PrintUser
from tests import factories
from tests.factories import ADDON, TESTER
from tests.scim_sync.client import PRINTMGMT, Scim, op

CARD = op("Add", f"{PRINTMGMT}:cardNumber", "4711 4711")


def test_the_token_is_handed_over_once(installation: Installation) -> None:
    config = addon_by_slug(ADDON)
    assert config is not None

    first, second = (config.bind(installation).hand_over(by=TESTER) for _n in range(2))

    assert first.facts["token"]
    assert not first.incomplete
    assert second.facts == {"tenant_url": first.facts["tenant_url"], "token": None}
    assert second.incomplete


@pytest.mark.parametrize(
    ("people", "state", "runs"),
    [
        (Disposition.KEEP, PersonState.ACTIVE, 0),
        (Disposition.SUSPEND, PersonState.SUSPENDED, 1),
        (Disposition.REMOVE, PersonState.REMOVED, 1),
    ],
)
def test_uninstalling_does_with_its_people_what_was_chosen(
    scim: Scim,
    alice: PrintUser,
    bob: PrintUser,
    charlie: PrintUser,
    installation: Installation,
    people: Disposition,
    state: PersonState,
    runs: int,
) -> None:
    uninstall(installation, people, by=TESTER)

    alice.refresh_from_db()
    bob.refresh_from_db()
    charlie.refresh_from_db()
    assert (alice.state, bob.state, charlie.state) == (state, PersonState.ACTIVE, PersonState.ACTIVE)
    assert alice.source == CONSOLE
    assert charlie.source != CONSOLE
    assert DeprovisionRun.objects.count() == runs
    assert scim.get("/Users").status == 401


def test_a_card_pushed_before_can_be_replaced_after_a_reinstall(
    scim: Scim, alice: PrintUser, installation: Installation, contoso: Organization
) -> None:
    scim.patch(alice.pk, CARD)
    uninstall(installation, Disposition.KEEP, by=TESTER)
    assert identify(contoso, card="4711 4711") == alice

    again = Scim.of(factories.installed(contoso))

    assert again.base != scim.base
    assert again.create("alice@contoso.com").id == str(alice.pk)
    assert alice.credentials.get().source == CONSOLE
