"""What the directory ordered, beside the runs: equal, or with the reasons why not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from addons.models import Installation
from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.console.shell.extensions import DirectoryLeavings, extensions
from printmgmt.deprovisioning import services as leaving
from printmgmt.people.models import PrintUser
from scim_sync.models import Action, ProvisioningEvent, Result
from tests import factories

pytestmark = pytest.mark.django_db


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


def counted(installation: Installation) -> DirectoryLeavings:
    now = timezone.now()
    day = timedelta(days=1)
    (found,) = extensions.directory_leavings(installation.organization, now - day, now + day)
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
    leaving.suspend(factories.person(sync.organization), by=actor(sync, "r1"))

    found = counted(sync)

    assert (found.disabled, found.started, found.unexplained) == (0, 1, 0)
    assert [number for _why, number in found.differences] == [-1]


def test_what_the_console_ordered_is_not_the_directory() -> None:
    sync = factories.installed(factories.organization())
    factories.leaver(sync.organization)

    assert counted(sync).started == 0
