"""What is told of the sync's health: what failed, and only what someone can mend."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from addons.base import HealthState
from addons.models import Installation
from addons.services import pause, resume
from printmgmt.organizations.models import Organization
from scim_sync.credentials.tokens import revoke_token, rotate_token
from scim_sync.models import ProvisioningEvent, ScimToken
from scim_sync.monitoring import health, periodic
from scim_sync.monitoring.health import Condition
from tests import factories
from tests.due import outbox, watch
from tests.scim_sync.client import Scim
from tests.scim_sync.monitoring.test_periodic import later, visited


@pytest.fixture
def leftover(scim: Scim, installation: Installation) -> tuple[Scim, Scim]:
    """A client with the first token, which was revoked, and the directory with the one in its place."""
    scim.get("/Users")
    first = ScimToken.objects.get()
    text = rotate_token(installation, by=factories.TESTER, label="Azure, 2027")
    healthy = Scim(scim.base, text)
    healthy.get("/Users")
    revoke_token(first, by=factories.TESTER)
    return scim, healthy


def subjects() -> list[str]:
    return [sent.subject.partition(": ")[2] for sent in outbox()]


def test_calls_refused_while_paused_are_no_trouble_after_resuming(
    scim: Scim, installation: Installation
) -> None:
    visited(installation, 30)
    pause(installation, by=factories.TESTER)
    with later(minutes=40):
        assert scim.get("/Users").status == 401
        assert scim.create("alice@contoso.com").status == 401
        watch()
        resume(installation, by=factories.TESTER)
        watch()
        assert health.check(Installation.objects.get(pk=installation.pk)).state == HealthState.OK

    assert ProvisioningEvent.objects.filter(reasons=["paused"]).exists()
    assert outbox() == []


def test_a_long_pause_is_no_silence_and_the_silence_after_it_is(
    scim: Scim, installation: Installation
) -> None:
    visited(installation, 30)
    pause(installation, by=factories.TESTER)
    with later(days=9):
        resume(installation, by=factories.TESTER)
        watch()
        assert outbox() == []
    with later(days=9, hours=3):
        watch()

    assert subjects() == ["no sync activity for unusually long"]


def test_a_client_left_over_beside_a_healthy_one_is_mailed_once_with_its_token_and_address(
    leftover: tuple[Scim, Scim], installation: Installation
) -> None:
    old, healthy = leftover
    for cycle in range(4):
        with later(minutes=40 * cycle + 10):
            old.get("/Users")
            watch()
            periodic.maintain_tokens(installation)
            outbox()
        with later(minutes=40 * cycle + 40):
            healthy.get("/Users")
            watch()
            periodic.maintain_tokens(installation)
            outbox()
            assert health.check(installation).state == HealthState.OK

    assert subjects() == ["an old secret token is still used"]
    body = outbox()[0].body
    assert "“First token”" in body
    assert "was revoked" in body
    assert "from 127.0.0.1" in body
    assert "Rotate" not in body


def test_a_client_left_over_that_calls_on_another_day_is_mailed_no_second_time(
    leftover: tuple[Scim, Scim], installation: Installation
) -> None:
    old, healthy = leftover
    for day in range(3):
        with later(days=day, minutes=10):
            healthy.get("/Users")
            old.get("/Users")
            periodic.maintain_tokens(installation)
            outbox()
        with later(days=day, minutes=30):
            old.get("/Users")
            periodic.maintain_tokens(installation)
            outbox()
            watch()

    assert subjects().count("an old secret token is still used") == 1
    assert "Azure's token is rejected" not in subjects()


def test_azure_with_a_revoked_token_is_turned_away_though_another_token_was_tried_once(
    scim: Scim, installation: Installation
) -> None:
    visited(installation, 30)
    text = rotate_token(installation, by=factories.TESTER, label="tried once")
    Scim(scim.base, text).get("/Users")
    with later(hours=3):
        revoke_token(ScimToken.objects.get(label="First token"), by=factories.TESTER)
    with later(hours=3, minutes=20):
        scim.get("/Users")
        found = health.check(installation)
        watch()
        periodic.maintain_tokens(installation)

    assert found.condition == Condition.TURNED_AWAY
    assert "“First token”" in str(found.message)
    assert "127.0.0.1" in str(found.message)
    assert subjects() == ["Azure's token is rejected"]


def test_a_token_of_the_organization_next_door_is_no_trouble_here(
    scim: Scim, installation: Installation, fabrikam: Organization
) -> None:
    visited(installation, 30)
    other = Scim.of(factories.installed(fabrikam))
    ScimToken.objects.filter(installation__organization=fabrikam).update(revoked_at=timezone.now(), slot=None)
    with later(minutes=20):
        Scim(scim.base, other.token).get("/Users")
        Scim(other.base, other.token).get("/Users")
        periodic.maintain_tokens(installation)
        watch()

        assert health.check(installation).state == HealthState.OK
    assert "Contoso" not in str([sent.subject for sent in outbox()])


def test_a_failed_request_is_shown_with_what_failed(scim: Scim, installation: Installation) -> None:
    scim.create("alice@contoso.com")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        scim.create("alice@contoso.com")
        found = health.check(installation)

    assert found.condition == Condition.FAILING
    assert "1 type of sync request failed" in str(found.message)
    assert "Create alice@contoso.com: " in str(found.message)
    assert "heard of" not in str(found.message)
