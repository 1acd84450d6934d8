"""A whole site of its own: a PostgreSQL that may go away, a gunicorn, an organization with the add-on."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

from printmgmt.services import commands, process
from printmgmt.services.listener import listen
from printmgmt.services.postgres import Postgres
from tests.conftest import Server
from tests.scim_sync.client import Answer, Scim


@dataclass
class SiteScim(Scim):
    """A directory that calls a site's own web server, one connection a request."""

    netloc: str = ""

    def _send(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        with closing(HTTPConnection(self.netloc, timeout=60)) as connection:
            connection.request(method, path, content, headers)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())


@dataclass
class Site:
    """What a test may break and mend."""

    postgres: Postgres
    server: Server
    scim: SiteScim
    sign_in_url: str
    environment: dict[str, str] = field(repr=False)

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement as the database's superuser, and commit; what it returned, if anything."""
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def kill_while_waiting(self, table: str, call: Callable[[], Answer]) -> Answer:
        """The answer to ``call``, its connection terminated while it waits for ``table``, which we hold."""
        answers: list[Answer] = []
        caller = threading.Thread(target=lambda: answers.append(call()))
        with psycopg.connect(self.postgres.url) as holder:
            holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")  # type: ignore[arg-type]
            caller.start()
            assert process.wait_until(lambda: bool(self.query(WAITING)), timeout=60)
            self.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            )
            holder.rollback()
        caller.join(60)
        return answers[0]


WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@contextmanager
def own_site(folder: Path, **environment: str) -> Iterator[Site]:
    """A site on an empty database, with one organization, Contoso, and its directory's add-on."""
    postgres = Postgres()
    postgres.start()
    try:
        with listen("127.0.0.1", 0) as listener:
            number, port = listener.fileno(), listener.getsockname()[1]
            url = f"http://127.0.0.1:{port}"
            given = {
                **os.environ,
                "DATABASE_URL": postgres.url,
                "PUBLIC_URL": url,
                "PYTHONUNBUFFERED": "1",
                **environment,
            }
            made, addon = _furnished(given)
            tenant = urlsplit(addon["tenant_url"])
            scim = SiteScim(tenant.path, addon["token"], netloc=tenant.netloc)
            server = Server(commands.web(number), given, folder / "web.log", (number,), url=url)
            server.start()
            try:
                yield Site(postgres, server, scim, made["sign_in_url"], given)
            finally:
                server.stop()
    finally:
        postgres.stop()


FURNISH = """
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
call_command("createcachetable", verbosity=0)
call_command("create_organization", "Contoso", owner="ada@contoso.example")
call_command("install_addon", "azure-ad-user-sync", organization="contoso")
"""


def _furnished(environment: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Make the tables, Contoso and its add-on; what the two commands answered."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", FURNISH],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    organization, addon = map(json.loads, done.stdout.splitlines())
    return organization, addon
