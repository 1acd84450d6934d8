"""What the directory ordered, beside the runs: equal, or with the reasons why not."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from addons.models import Installation
from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.console.shell.extensions import DirectoryLeavings, extensions
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.people.models import PrintUser
from scim_sync.models import Action, ProvisioningEvent, Result
from scim_sync.preferences import preferences_of
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def ordered(by: Installation, person: PrintUser, action: Action, request: str, **fields: object) -> None:
    ProvisioningEvent.objects.create(
        installation=by,
        person=person,
        action=action,
        result=fields.pop("result", Result.OK),
        status=200,
        request_id=request,
        method="PATCH",
        path="/Users/1",
        **fields,
    )


def actor(installation: Installation, request: str) -> Actor:
    return Actor(kind=ActorKind.TOKEN, label="SCIM", id="1", source=installation.source, request_id=request)


def counted(installation: Installation, since: datetime | None = None) -> DirectoryLeavings:
    now = timezone.now()
    day = timedelta(days=1)
    (found,) = extensions.directory_leavings(installation.organization, since or now - day, now + day)
    return found


def test_orders_and_runs_agree() -> None:
    sync = factories.installed(factories.organization())
    for number, (end, action) in enumerate(
        [(leaving.suspend, Action.SUSPEND), (leaving.remove, Action.REMOVE)]
    ):
        person = factories.person(sync.organization)
        end(person, by=actor(sync, f"r{number}"))
        ordered(sync, person, action, f"r{number}")
        ordered(sync, person, action, "refused", result=Result.REFUSED)

    found = counted(sync)

    assert (found.disabled, found.deleted, found.started) == (1, 1, 2)
    assert (found.differences, found.unexplained) == ((), 0)


def test_an_order_for_someone_without_access_is_explained() -> None:
    sync = factories.installed(factories.organization())
    person = factories.person(sync.organization)
    leaving.block(person, by=factories.TESTER)
    leaving.suspend(person, by=actor(sync, "r1"))
    ordered(sync, person, Action.SUSPEND, "r1")

    found = counted(sync)

    assert (found.disabled, found.started, found.unexplained) == (1, 0, 0)
    assert [number for _why, number in found.differences] == [1]


def test_runs_whose_events_were_pruned_and_other_runs_are_explained() -> None:
    sync = factories.installed(factories.organization())
    old = leaving.suspend(factories.person(sync.organization), by=actor(sync, "r1"))
    assert old is not None
    long_ago = timezone.now() - preferences_of(sync).keep_events - timedelta(hours=1)
    DeprovisionRun.objects.filter(pk=old.pk).update(cut_at=long_ago)
    created = factories.person(sync.organization)
    leaving.suspend(created, by=actor(sync, "r2"))
    ordered(sync, created, Action.CREATE, "r2")

    found = counted(sync, since=long_ago)

    assert (found.disabled, found.started, found.unexplained) == (0, 2, 0)
    assert [number for _why, number in found.differences] == [-1, -1]


def test_gaps_on_both_sides_are_said_and_do_not_hide_each_other() -> None:
    """As if a run had been deleted from the database, and an event from the log."""
    sync = factories.installed(factories.organization())
    lost, unlogged = factories.person(sync.organization), factories.person(sync.organization)
    ordered(sync, lost, Action.SUSPEND, "r1")
    ordered(sync, lost, Action.REMOVE, "r2")
    leaving.suspend(unlogged, by=actor(sync, "r3"))

    found = counted(sync)

    assert (found.orders_alone, found.runs_alone, found.unexplained) == (2, 1, 3)
    assert found.differences == ()
    address = reverse("console:leavers_report", args=[sync.organization.slug])
    html = " ".join(factories.signed_in(sync.organization).get(address).content.decode().split())
    assert "Not explained: 3." in html
    assert "Orders that no run followed: 2" in html
    assert "Runs without an order in the log: 1" in html


def test_what_the_console_ordered_is_not_the_directory() -> None:
    sync = factories.installed(factories.organization())
    factories.leaver(sync.organization)

    assert counted(sync).started == 0
