"""The embedded broker."""

import socket
import stat
from pathlib import Path

import pytest
import redis

from printmgmt.services.valkey import Valkey, broker_url, socket_path


def client(server: Valkey) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(server.socket))


def test_address_follows_from_the_data_folder() -> None:
    assert broker_url(Path("/srv/console")) == "redis+socket:///srv/console/valkey/socket"


@pytest.mark.parametrize("folder", ["/" + "long" * 40, "/with space", "/with?question", "/naïve"])
def test_address_no_socket_or_url_can_carry_moves_to_a_short_one(folder: str) -> None:
    path = socket_path(Path(folder))

    assert len(str(path)) < 104
    assert path == socket_path(Path(folder))
    assert path != socket_path(Path(folder + "2"))


def test_starts_for_its_owner_only_and_without_a_port(tmp_path: Path) -> None:
    server = Valkey(tmp_path)
    server.start()
    try:
        assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
        assert client(server).config_get("port") == {"port": "0"}
        assert client(server).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    finally:
        server.stop()


def test_what_was_queued_survives_the_end_of_the_server(tmp_path: Path) -> None:
    first = Valkey(tmp_path)
    first.start()
    client(first).set("order", "1")
    first.stop()
    second = Valkey(tmp_path)
    second.start()
    try:
        assert client(second).get("order") == b"1"
    finally:
        second.stop()


def test_socket_file_of_a_killed_server_does_not_look_alive(tmp_path: Path) -> None:
    server = Valkey(tmp_path)
    server.prepare()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(server.socket))

    assert not server.answers()
    server.start()
    assert server.answers()
    server.stop()


def test_folder_that_somebody_else_put_there_is_refused(tmp_path: Path) -> None:
    server = Valkey(tmp_path)
    server.folder.symlink_to("/tmp")  # noqa: S108

    with pytest.raises((PermissionError, FileExistsError)):
        server.prepare()


def test_failing_start_shows_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VALKEY_BIN", "/bin/false")
    server = Valkey(tmp_path)

    with pytest.raises(RuntimeError, match="Valkey did not start"):
        server.start()
