"""The rounds: mails that are sent once, the watch on a condition, learning a cadence, pruning."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from addons.base import HealthState
from addons.models import Installation, Watch
from addons.services import configure, get_addon, install, pause, resume
from printmgmt.celery import app
from printmgmt.organizations.models import Administrator, Organization
from scim_sync.credentials.clients import create_client_secret
from scim_sync.credentials.tokens import mint_first_token, rotate_token
from scim_sync.models import (
    Contact,
    ProvisioningEvent,
    ProvisioningEventBody,
    ProvisioningEventCounter,
    Result,
    ScimClientSecret,
    ScimToken,
    Visit,
)
from scim_sync.monitoring import health, periodic
from scim_sync.monitoring.cadence import PATIENCE_UNTIL_LEARNED, SHORTEST_PATIENCE, cadence_of
from scim_sync.monitoring.health import Condition
from scim_sync.tasks import maintain as task
from tests import factories
from tests.due import outbox, watch
from tests.scim_sync.client import Scim
from tests.scim_sync.console.test_log import fill
from tests.scim_sync.oauth.client import TokenClient

CYCLE = timedelta(minutes=40)


def later(**length: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**length))


def visited(installation: Installation, number: int, every: timedelta = CYCLE) -> None:
    """The directory came ``number`` times, the last time now."""
    now = timezone.now()
    Contact.objects.update_or_create(installation=installation, defaults={"last_at": now})
    Visit.objects.bulk_create(
        Visit(installation=installation, began_at=now - n * every, silence=every) for n in range(number)
    )


def test_beat_runs_what_add_ons_registered() -> None:
    app.loader.import_default_modules()

    assert app.conf.beat_schedule["scim-sync-maintain"]["task"] == task.name
    assert "sweep audit.seal" in app.conf.beat_schedule


def test_a_tokens_end_is_mailed_a_month_and_a_week_before_once_each(
    scim: Scim, installation: Installation
) -> None:
    configure(installation, {"notification_address": "it@contoso.example"}, by=factories.TESTER)
    for days in (300, 336, 337, 340, 359, 360):
        with later(days=days):
            visited(installation, 1)
            periodic.maintain_tokens(Installation.objects.get())
            outbox()

    subjects = [sent.subject for sent in outbox()]
    assert len(subjects) == 2
    assert "expires in 28 days" in subjects[0] or "expires in 29 days" in subjects[0]
    assert "expires in 5 days" in subjects[1] or "expires in 6 days" in subjects[1]
    assert outbox()[0].to[-1] == "it@contoso.example"
    assert len(outbox()[0].to) == 2


def test_a_revoked_token_is_not_worried_about(scim: Scim, installation: Installation) -> None:
    ScimToken.objects.update(revoked_at=timezone.now(), slot=None, expires_at=timezone.now() + CYCLE)

    periodic.maintain_tokens(installation)

    assert outbox() == []


def test_owners_are_notified_once_when_the_creator_of_a_token_has_left(
    scim: Scim, installation: Installation, contoso: Organization
) -> None:
    left = factories.administrator(contoso)
    rotate_token(installation, by=factories.TESTER, account=left.account, label="Azure")
    periodic.maintain_tokens(installation)
    assert outbox() == []

    Administrator.objects.filter(pk=left.pk).update(disabled_at=timezone.now())
    periodic.maintain_tokens(installation)
    periodic.maintain_tokens(installation)

    assert len(outbox()) == 1
    assert left.account.email in outbox()[0].body
    assert left.account.email not in outbox()[0].to
    assert ScimToken.objects.get(label="Azure").is_live


def test_a_client_secrets_end_is_mailed_a_month_and_a_week_before_once_each(
    installation: Installation,
) -> None:
    create_client_secret(installation, by=factories.TESTER, label="Azure")
    for days in (300, 336, 337, 340, 359, 360):
        with later(days=days):
            periodic.maintain_tokens(Installation.objects.get())
            outbox()

    subjects = [sent.subject for sent in outbox()]
    assert len(subjects) == 2
    assert re.search(r"client secret for Azure expires in 2[89] days", subjects[0])
    assert re.search(r"client secret for Azure expires in [56] days", subjects[1])


def test_owners_are_notified_once_when_the_creator_of_a_client_secret_has_left(
    installation: Installation, contoso: Organization
) -> None:
    left = factories.administrator(contoso)
    create_client_secret(installation, by=factories.TESTER, account=left.account, label="Azure")
    Administrator.objects.filter(pk=left.pk).update(disabled_at=timezone.now())

    periodic.maintain_tokens(installation)
    periodic.maintain_tokens(installation)

    assert len(outbox()) == 1
    assert left.account.email in outbox()[0].body


def test_an_ended_client_secret_in_use_beside_a_token_that_works_is_mailed_once(
    scim: Scim, installation: Installation
) -> None:
    oauth = TokenClient.of(installation)
    ScimClientSecret.objects.update(expires_at=timezone.now())
    scim.get("/Users")
    assert oauth.ask().status == 401

    periodic.maintain_tokens(installation)
    periodic.maintain_tokens(installation)

    assert len(outbox()) == 1
    assert "An expired client secret is still used" in outbox()[0].body


def test_a_visit_is_a_call_after_a_silence(scim: Scim) -> None:
    start = timezone.now()
    for minutes in (0, 2, 44, 46, 84):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            scim.get("/Users")

    silences = Visit.objects.order_by("began_at").values_list("silence", flat=True)
    assert [silence and round(silence / timedelta(minutes=1)) for silence in silences] == [None, 42, 38]


def test_nothing_is_learned_from_a_few_visits(installation: Installation) -> None:
    visited(installation, 4)

    assert cadence_of(installation).usual is None
    assert cadence_of(installation).patience == PATIENCE_UNTIL_LEARNED


def test_the_usual_silence_is_the_median_and_patience_at_least_two_hours(installation: Installation) -> None:
    visited(installation, 30, timedelta(minutes=10))

    assert cadence_of(installation).usual == timedelta(minutes=10)
    assert cadence_of(installation).patience == SHORTEST_PATIENCE


def test_weekends_are_not_quiet_and_one_outage_teaches_nothing(installation: Installation) -> None:
    visited(installation, 30)
    now = timezone.now()
    for hours in (60, 62, 200):
        Visit.objects.create(
            installation=installation, began_at=now - timedelta(days=2), silence=timedelta(hours=hours)
        )

    assert cadence_of(installation).patience == timedelta(hours=62) * 1.25


def test_an_unusual_silence_is_quiet(scim: Scim, installation: Installation) -> None:
    visited(installation, 30)
    assert health.check(installation).state == HealthState.OK

    with later(hours=3):
        assert health.check(installation).condition == Condition.QUIET


def test_a_token_that_ended_and_is_still_used_is_an_error(scim: Scim, installation: Installation) -> None:
    visited(installation, 30)
    rotate_token(installation, by=factories.TESTER, label="unused")
    ScimToken.objects.filter(label="First token").update(revoked_at=timezone.now(), slot=None)

    with later(minutes=40):
        scim.get("/Users")

        assert health.check(installation).condition == Condition.TURNED_AWAY


def test_a_stranger_at_the_door_is_no_failure_of_the_sync(scim: Scim, installation: Installation) -> None:
    visited(installation, 30)

    with later(minutes=2):
        Scim(scim.base, "wrong").get("/Users")

        assert health.check(installation).state == HealthState.OK


def test_each_change_of_condition_is_mailed_once(scim: Scim, installation: Installation) -> None:
    visited(installation, 30)
    for minutes in (0, 5, 180, 185, 190):
        with later(minutes=minutes):
            watch()
    with later(minutes=200):
        visited(installation, 1)
        watch()
        watch()

    subjects = [sent.subject.partition(": ")[2] for sent in outbox()]
    assert subjects == [
        "no sync activity for unusually long",
        "Microsoft Azure AD User Sync is working again",
    ]
    assert "In Entra under Provisioning, check whether it is stopped" in outbox()[0].body


def test_refused_calls_are_mailed_with_the_way_to_their_remedy(
    scim: Scim, installation: Installation
) -> None:
    scim.create("alice@contoso.com")
    scim.create("alice@contoso.com")

    watch()

    assert "See the provisioning log" in outbox()[0].body


def test_pausing_notifies_nobody(scim: Scim, installation: Installation) -> None:
    visited(installation, 30)
    for change in (pause, resume):
        change(installation, by=factories.TESTER)
        watch()

    assert outbox() == []
    assert not Watch.objects.exists()


def test_events_older_than_the_setting_go_in_chunks(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(periodic, "CHUNK", 10)
    configure(installation, {"keep_events_days": 7}, by=factories.TESTER)
    fill(installation, 25, at=timezone.now() - timedelta(days=8))
    fill(installation, 3, at=timezone.now() - timedelta(days=6), result=Result.REFUSED, status=409)
    for event in ProvisioningEvent.objects.all():
        ProvisioningEventBody.objects.create(event=event, request={"userName": "ada"})

    task()

    tables = (ProvisioningEvent, ProvisioningEventBody, ProvisioningEventCounter)
    assert [table.objects.count() for table in tables] == [3, 3, 3]


def test_another_installations_setting_prunes_nothing_here(
    installation: Installation, fabrikam: Organization
) -> None:
    factories.installed(fabrikam, keep_events_days=1)
    fill(installation, 3, at=timezone.now() - timedelta(days=6))

    periodic.maintain()

    assert ProvisioningEvent.objects.count() == 3


def test_an_installation_that_fails_keeps_no_other_from_being_looked_after(
    installation: Installation, fabrikam: Organization
) -> None:
    broken = factories.installed(fabrikam)
    Installation.objects.filter(pk=broken.pk).update(settings={"keep_events_days": "many"})
    Installation.objects.filter(pk=installation.pk).update(settings={})  # and so its row is behind
    for each in (broken, installation):
        fill(each, 2, at=timezone.now() - timedelta(days=300))
        visited(each, 2)
        Contact.objects.filter(installation=each).update(last_at=timezone.now() - timedelta(hours=1))

    periodic.maintain()

    assert set(ProvisioningEvent.objects.values_list("installation", flat=True)) == {broken.pk}
    assert not Visit.objects.filter(people__isnull=True).exists()


def test_mails_about_one_of_two_directories_say_which(scim: Scim, contoso: Organization) -> None:
    lyon = install(contoso, get_addon(factories.ADDON), by=factories.TESTER, name="Lyon")
    leaver = factories.administrator(contoso)
    mint_first_token(lyon, by=factories.TESTER, account=leaver.account)
    create_client_secret(lyon, by=factories.TESTER, account=leaver.account, label="Azure")
    leaver.disabled_at = timezone.now()
    leaver.save()

    with later(days=340):
        periodic.maintain_tokens(Installation.objects.get(pk=lyon.pk))
        sent = outbox()

    assert {mail.subject.partition(": ")[0] for mail in sent} == {"Contoso, Lyon"}
    assert len(sent) == 4
    for mail in sent:
        assert " of Microsoft Azure AD User Sync, Lyon " in mail.body
