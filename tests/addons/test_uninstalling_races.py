"""Several workers at one order whose people share groups, on a database that locks rows."""

import random
from functools import partial

import pytest
from django.db import connection

from addons import uninstalling
from addons.disposition import Disposition
from addons.models import Uninstallation
from addons.services import uninstall
from printmgmt.people.models import GroupMembership, PrintGroup, PrintUser
from printmgmt.work import nudges
from tests import factories
from tests.printmgmt.deprovisioning.test_races import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.settings_dict["ENGINE"].endswith("sqlite3"), reason="races are proven on PostgreSQL"
    ),
]


def test_workers_who_remove_people_of_the_same_groups_end_everybody_at_the_first_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uninstalling, "AT_ONCE", 0)
    monkeypatch.setattr(uninstalling, "CHUNK", 6)
    monkeypatch.setattr(uninstalling, "BUDGET", 60.0)
    monkeypatch.setattr(nudges, "nudge", lambda name, key: None)  # the workers are ours
    contoso = factories.organization("Contoso")
    installation = factories.installed(contoso)
    people = [factories.person(contoso) for _each in range(36)]
    PrintUser.objects.update(source=installation.source)
    groups = [
        PrintGroup.objects.create(organization=contoso, display_name=name, display_name_key=name)
        for name in "abcdef"
    ]
    dice = random.Random(1)  # noqa: S311 -- the same each time
    GroupMembership.objects.bulk_create(
        GroupMembership(group=group, person=person, source=installation.source)
        for person in people
        for group in dice.sample(groups, 2)
    )
    uninstall(installation, Disposition.REMOVE, by=factories.TESTER)

    errors = at_once(*[partial(uninstalling.carry_out, installation.pk)] * 4)

    assert errors == []
    assert not PrintUser.objects.live().exists()
    order = Uninstallation.objects.get()
    assert (order.done, order.attempts, bool(order.ended_at)) == (36, 0, True)
