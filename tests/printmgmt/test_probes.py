"""/healthz and /readyz, as a load balancer sees them."""

import pytest
import requests
from django.db import connection
from django.test import Client

from printmgmt import probes
from tests.conftest import Server


def test_healthz_answers_without_signing_in(server: Server) -> None:
    answer = requests.get(f"{server.url}/healthz", timeout=30)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.both_databases
def test_readyz_sees_database_and_broker(server: Server) -> None:
    answer = requests.get(f"{server.url}/readyz", timeout=30)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "broker": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_dead_broker_is_named_but_leaves_us_ready(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.BROKER_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["broker"]) == (200, "unreachable")


@pytest.mark.django_db
def test_missing_migration_is_not_ready(client: Client) -> None:
    probes._require_migrations.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'people'")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["database"]) == (503, "migrations missing")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_probes_only_read(client: Client, method: str) -> None:
    assert getattr(client, method)("/healthz").status_code == 405
