"""Runs the proof from outside as a person would, and reads its imports."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
PROOF = [path for path in sorted(FOLDER.glob("*.py")) if not path.name.startswith("test_")]


@pytest.mark.timeout(1800)  # a console of its own with a dozen commands, on a machine that tests share
def test_the_cut_is_proven_from_outside() -> None:
    command = [sys.executable, "-m", "tests.outside.prove_the_cut"]
    done = subprocess.run(command, cwd=FOLDER.parent.parent, capture_output=True, text=True, timeout=1750)
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    assert ", all as expected." in done.stdout


@pytest.mark.parametrize("path", PROOF, ids=lambda path: path.stem)
def test_the_proof_imports_nothing_but_the_standard_library_and_itself(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
            assert node.level == 0
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("__import__", "import_module"):
            pytest.fail(f"line {node.lineno}: {ast.unparse(node)}")
    foreign = {
        name
        for name in imported
        if not name.startswith("tests.outside.") and name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert foreign == set()
