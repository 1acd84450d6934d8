"""What Entra sends, file by file (entra/README.md §3–§10, §15, §16), in order, against a fresh tenant."""

from pathlib import Path
from typing import Any

import pytest

from addons.models import Installation
from addons.services import configure
from tests.factories import TESTER
from tests.scim_sync.client import HttpScim
from tests.scim_sync.entra.cases import CASES, DIALECT_ROWS, Case
from tests.scim_sync.entra.replay import FILES, FOLDER, read_story, replay


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
def test_each_dialect_is_asked_for_by_the_flag_alone(row: str) -> None:
    legacy, flag = (read_story(FOLDER / f"15-{row}-{dialect}.json") for dialect in ("legacy", "flag"))

    assert "query" not in legacy
    assert flag["query"] == "aadOptscim062020"


@pytest.mark.parametrize("row", [row for row in DIALECT_ROWS if row != "post"])
def test_operations_are_written_as_entra_spells_them_in_each_dialect(row: str) -> None:
    legacy, flag = (
        operations_of(read_story(FOLDER / f"15-{row}-{dialect}.json")) for dialect in ("legacy", "flag")
    )

    assert {(operation["op"].istitle(), "path" in operation) for operation in legacy} == {(True, True)}
    assert {operation["op"].islower() for operation in flag} == {True}


def test_a_post_writes_active_as_text_or_boolean_and_with_the_flag_as_boolean() -> None:
    legacy, flag = (
        [step["body"]["active"] for step in read_story(FOLDER / f"15-post-{dialect}.json")["steps"]]
        for dialect in ("legacy", "flag")
    )

    assert legacy == ["True", "False", True]
    assert flag == [True, False]


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.stem[:2] in ("10", "15")], ids=lambda f: f.stem
)
def test_the_state_after_a_write_is_given_in_full(file: Path) -> None:
    done = [step for step in read_story(file)["steps"] if step["status"] < 300]
    created = [step for step in done if step["request"].startswith("POST ")]
    # Where anything is changed, the creations before it only prepare.
    changed = [step for step in done if step["request"].startswith(("PATCH ", "PUT "))] or created

    assert {"state" in step for step in changed} == {True}
