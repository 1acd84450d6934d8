"""What Entra sends, file by file (entra-provisioning §3–§10, §15, §16), in order, against a fresh tenant."""

from pathlib import Path
from typing import Any

import pytest

from addons.models import Installation
from addons.services import configure
from tests.factories import TESTER
from tests.scim_sync.client import HttpScim
from tests.scim_sync.entra.cases import CASES, DIALECT_ROWS, Case
from tests.scim_sync.entra.replay import FILES, FOLDER, read_story, replay


@pytest.mark.both_databases
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_entra_is_answered_as_documented(file: Path, http_scim: HttpScim, installation: Installation) -> None:
    story = read_story(file)
    configure(installation, story.get("settings", {}), by=TESTER)

    replay(story, http_scim)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.section}-{case.row}")
def test_every_row_has_its_file_and_the_file_names_its_section(case: Case) -> None:
    story = read_story(FOLDER / f"{case.file}.json")

    assert story["steps"]
    assert f"§{case.file[:2].lstrip('0')}" in story["source"] or "RFC 7644" in story["source"]


def test_every_file_belongs_to_a_row() -> None:
    assert {case.file for case in CASES} == {file.stem for file in FILES}


def operations_of(story: dict[str, Any]) -> list[dict[str, Any]]:
    patches = [step["body"] for step in story["steps"] if step["request"].startswith("PATCH ")]
    return [operation for body in patches for operation in body["Operations"]]


@pytest.mark.parametrize("row", DIALECT_ROWS)
def test_each_dialect_is_written_as_entra_spells_it(row: str) -> None:
    legacy, flag = (read_story(FOLDER / f"15-{row}-{dialect}.json") for dialect in ("legacy", "flag"))

    assert "query" not in legacy
    assert flag["query"] == "aadOptscim062020"
    assert all(operation["op"].istitle() and operation["path"] for operation in operations_of(legacy))
    assert all(operation["op"].islower() for operation in operations_of(flag))


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.stem[:2] in ("10", "15")], ids=lambda f: f.stem
)
def test_what_a_write_leaves_is_said_in_full(file: Path) -> None:
    steps = read_story(file)["steps"]
    changing = [step for step in steps if step["request"][:4] in ("PATC", "PUT ") and step["status"] < 300]

    assert all("state" in step for step in changing)
