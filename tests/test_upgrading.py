"""What an older database holds comes through the migrations as what it was."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import factories

BEFORE = [("people", "0009_group_tombstones"), ("scim_sync", "0011_event_address")]
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def old(transactional_db: None) -> Iterator[Any]:
    """The models of an older version, on its database; the newest is there again afterwards."""
    executor = MigrationExecutor(connection)
    try:
        yield executor.migrate(BEFORE).apps
    finally:
        upgrade()


def upgrade() -> Any:
    executor = MigrationExecutor(connection)
    return executor.migrate(executor.loader.graph.leaf_nodes()).apps


def test_whoever_was_active_once_comes_back_without_being_asked_for_a_seat(old: Any) -> None:
    organization = factories.organization()

    def made(name: str, **fields: Any) -> Any:
        return old.get_model("people", "PrintUser").objects.create(
            organization_id=organization.pk, user_name=name, user_name_key=name, created_at=LONG_AGO, **fields
        )

    rows = {
        made("works"): True,
        made("left", active=False, state="suspended", epoch=1): True,
        made("removed", state="removed", removed_at=LONG_AGO, epoch=1): True,
        made("never", active=False, state="suspended"): False,
    }

    people = upgrade().get_model("people", "PrintUser").objects

    for row, was_active in rows.items():
        assert people.get(pk=row.pk).first_active_at == (LONG_AGO if was_active else None), row.user_name


def test_addresses_of_the_consoles_own_people_count_as_typed(old: Any) -> None:
    organization = factories.organization()
    people = old.get_model("people", "PrintUser").objects
    own = people.create(
        organization_id=organization.pk,
        user_name="ada",
        user_name_key="ada",
        work_email="Ada@Contoso.example",
        work_email_key="ada@contoso.example",
    )
    synced = people.create(
        organization_id=organization.pk,
        user_name="bob@contoso.example",
        user_name_key="bob@contoso.example",
        source="azure-ad-user-sync:1",
    )

    people = upgrade().get_model("people", "PrintUser").objects

    assert people.get(pk=own.pk).typed_addresses == ["ada@contoso.example"]
    assert people.get(pk=synced.pk).typed_addresses == []


def test_a_group_the_directory_had_deleted_is_linked_to_it_no_more(old: Any) -> None:
    organization = factories.organization()
    installation = factories.installed(organization)
    groups = old.get_model("people", "PrintGroup").objects
    links = old.get_model("scim_sync", "ScimGroup").objects
    for name, dropped_at in (("Deleted there", LONG_AGO), ("In step", None)):
        group = groups.create(
            organization_id=organization.pk, display_name=name, display_name_key=name.casefold()
        )
        links.create(installation_id=installation.pk, group_id=group.pk, dropped_at=dropped_at)

    apps = upgrade()

    assert apps.get_model("people", "PrintGroup").objects.count() == 2
    assert [link.group.display_name for link in apps.get_model("scim_sync", "ScimGroup").objects.all()] == [
        "In step"
    ]
