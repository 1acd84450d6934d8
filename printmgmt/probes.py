"""Liveness and readiness probes for load balancers and `manage.py up`."""

from functools import cache

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection

log = structlog.get_logger(__name__)


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Liveness: always 200. Checks no other service."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Readiness: 200 if the database answers and has all migrations, else 503.

    A broker that is down is reported but does not change the status: SCIM works without it.
    """
    database = _database_state()
    ready = database == "ok"
    body = {"status": "ok" if ready else "unavailable", "database": database, "broker": _broker_state()}
    return JsonResponse(body, status=200 if ready else 503)


def _database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _require_migrations()
    except MigrationsMissing:
        return "migrations missing"
    except Error:  # also InterfaceError, which is not a DatabaseError
        log.warning("database does not answer", exc_info=True)
        return "unreachable"
    return "ok"


class MigrationsMissing(Exception):
    """The database lacks migrations that the code has."""


@cache  # caches success only, not the exception: applied migrations stay applied
def _require_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MigrationsMissing


def _broker_state() -> str:
    options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "socket_timeout": 1}
    try:
        with Connection(settings.BROKER_URL, connect_timeout=1, transport_options=options) as broker:
            broker.ensure_connection(max_retries=0, interval_start=0)
    except Exception:  # noqa: BLE001  # each transport has exceptions of its own, and none may make us unready
        return "unreachable"
    return "ok"
