"""Writes an export as CSV or JSON in pieces, and counts rows and bytes and computes the digest as it goes."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

from django.utils import timezone

from directory_export import contents
from directory_export.models import Kind
from directory_export.preferences import Format
from printmgmt.console.shell.export import safe_cell
from printmgmt.organizations.models import Organization

VERSION = 1
"""The version of the file format. Increase it when receivers must change."""

MEMBER_COLUMNS = ("group_id", "group", "group_source", "member_type", "member_id", "member")
BUFFER = 64 * 1024

CONTENT_TYPES = {Format.CSV: "text/csv; charset=utf-8", Format.JSON: "application/json"}


class Writer:
    """Writes text to a binary file. ``rows``, ``size`` (bytes) and ``sha256`` describe what was written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._pieces: list[str] = []
        self._pending = 0
        self.rows = 0
        self.size = 0

    def write(self, text: str) -> None:
        self._pieces.append(text)
        self._pending += len(text)
        if self._pending >= BUFFER:
            self.flush()

    def flush(self) -> None:
        block = "".join(self._pieces).encode()
        self._pieces, self._pending = [], 0
        self._file.write(block)
        self._digest.update(block)
        self.size += len(block)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def write_export(
    file: IO[bytes], organization: Organization, kind: Kind, form: Format, zone: ZoneInfo
) -> Writer:
    """Write one export to ``file`` and return the writer with its counts. Times are in ``zone``."""
    writer = Writer(file)
    with timezone.override(zone):
        if form == Format.CSV:
            _write_csv(writer, organization, kind)
        else:
            _write_json(writer, organization, kind)
    writer.flush()
    return writer


def _write_csv(writer: Writer, organization: Organization, kind: Kind) -> None:
    line = io.StringIO()
    rows = csv.writer(line)

    def add(cells: Iterable[object]) -> None:
        rows.writerow([safe_cell(cell) for cell in cells])
        writer.write(line.getvalue())
        line.seek(0)
        line.truncate()

    if kind == Kind.PEOPLE:
        add(contents.PERSON_FIELDS)
        for person in contents.people(organization):
            add(person[name] for name in contents.PERSON_FIELDS)
            writer.rows += 1
        return
    add(MEMBER_COLUMNS)
    for group, members in contents.groups(organization):
        named = (group.pk, group.display_name, group.source)
        empty = True
        for member in members:
            empty = False
            add((*named, member.type, member.id, member.name))
        if empty:
            add((*named, "", "", ""))
        writer.rows += 1


def _write_json(writer: Writer, organization: Organization, kind: Kind) -> None:
    head = {"version": VERSION, "organization": organization.name, "made_at": _plain(timezone.now())}
    writer.write(json.dumps(head, ensure_ascii=False)[:-1] + f', "{kind.value}": [')
    if kind == Kind.PEOPLE:
        for person in contents.people(organization):
            writer.write(_separator(writer.rows) + _json(person))
            writer.rows += 1
    else:
        for group, members in contents.groups(organization):
            facts: dict[str, object] = {"id": group.pk, "name": group.display_name, "source": group.source}
            writer.write(_separator(writer.rows) + _json(facts)[:-1] + ', "members": [')
            for number, member in enumerate(members):
                entry: dict[str, object] = {"type": member.type, "id": member.id, "name": member.name}
                writer.write((", " if number else "") + _json(entry))
            writer.write("]}")
            writer.rows += 1
    writer.write("\n]}\n")


def _separator(number: int) -> str:
    return ",\n" if number else "\n"


def _json(facts: dict[str, object]) -> str:
    return json.dumps(facts, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    """Return times as ISO 8601 in the current zone, ids as text."""
    return (
        timezone.localtime(value).isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
    )
