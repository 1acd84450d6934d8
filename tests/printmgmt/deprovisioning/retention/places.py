"""Everything the console keeps or writes, as text to search: all tables, all of Valkey, files, logs."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

Place = tuple[str, str]
"""What it is called, and its text."""


def database() -> Iterator[Place]:
    """Yield every row of every table as text, each column of it, as a dump would have them."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                yield f"table {table}", "\t".join(map(_text, row))


def broker() -> Iterator[Place]:
    """Yield every key of Valkey, of every type, with all it holds; Celery's bodies are base64 in JSON."""
    client = Redis.from_url(_broker_url(), retry=Retry(NoBackoff(), 0))
    readers = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1, withscores=True),
        b"hash": client.hgetall,
        b"stream": client.xrange,
    }
    for key in client.scan_iter():
        yield f"valkey {key!r}", f"{_text(key)} {_text(readers[client.type(key)](key))}"


def files(root: Path) -> Iterator[Place]:
    for path in root.rglob("*"):
        if path.is_file():
            yield f"file {path.name}", f"{path.name} {path.read_bytes().decode(errors='replace')}"


def found(marks: Mapping[str, str], places: Iterable[Place]) -> set[tuple[str, str]]:
    """Return which marks stand where, in any spelling: any case, %-encoded, base64 at any offset, hex."""
    spellings = {name: set(_spellings(word)) for name, word in marks.items()}
    return {
        (name, where)
        for where, text in places
        for both in [(text, text.casefold())]
        for name, words in spellings.items()
        if any(word in both[is_folded] for word, is_folded in words)
    }


def _spellings(word: str) -> Iterator[tuple[str, bool]]:
    """Yield (text, whether any case of it counts)."""
    for written in {word, word.casefold(), word.upper(), word.title()}:
        content = written.encode()
        yield content.hex(), True
        for offset in range(3):
            # What stands before it moves the bits: only whole groups of its own are the same.
            encoded = base64.b64encode(b"\0" * offset + content).decode()
            start, end = (4 if offset else 0), len(encoded) - (4 if len(b"\0" * offset + content) % 3 else 0)
            yield encoded[start:end], False
    yield word.casefold(), True
    yield quote(word.casefold()).casefold(), True
    yield "".join(f"%{byte:02x}" for byte in word.casefold().encode()), True


def _text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        content = bytes(value)
        return f"{content.hex()} {content.decode(errors='replace')}"
    if isinstance(value, list | tuple | set):
        return " ".join(map(_text, value))
    if isinstance(value, dict):
        return " ".join(f"{_text(key)} {_text(item)}" for key, item in value.items())
    return str(value)


def _broker_url() -> str:
    url: str = settings.BROKER_URL
    return url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
