"""A database of a benchmark's own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from printmgmt.services.postgres import Postgres

DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
}


@contextmanager
def own_database(*, durable: bool = False, **environment: str) -> "Iterator[Postgres]":
    """Start PostgreSQL and Django on it, with every table; yield it and stop it at the end.

    It is set up as that of a test, without fsync, unless it is ``durable``. ``environment`` is what Django's
    settings get besides.
    Settings are read when Django is imported: import everything of the project after this.
    """
    from printmgmt.services.postgres import Postgres  # noqa: PLC0415

    postgres = Postgres(**(DURABLE if durable else {}))
    postgres.start()
    os.environ |= {
        "DATABASE_URL": postgres.url,
        "DATA_DIR": tempfile.mkdtemp(prefix="printmgmt-bench-"),
        "STATIC_MANIFEST": "false",
        "LOG_LEVEL": "ERROR",
        "SCIM_REQUESTS_PER_SECOND": "0",
        "DJANGO_SETTINGS_MODULE": "printmgmt.settings",
        **environment,
    }
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    try:
        django.setup()
        call_command("migrate", verbosity=0)
        yield postgres
    finally:
        from django.db import connections  # noqa: PLC0415

        connections.close_all()
        postgres.stop()
