"""Writes the table of RFC sections in docs/scim.md, with the tests that have the section's `rfc` marker.

python -m tools.rfc_table          write it
python -m tools.rfc_table --check  fail if it does not match tools/rfc_sections.toml and the tests
"""

import ast
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "scim.md"
BEGIN = "<!-- from tools/rfc_table.py: begin -->\n"
END = "<!-- from tools/rfc_table.py: end -->"
ANSWERS = {"served": "served", "not_served": "**not served**", "informative": "–"}

Key = tuple[str, str]


@dataclass(frozen=True)
class Section:
    """A section of an RFC and whether we implement it."""

    rfc: str
    number: str
    title: str
    answer: str
    note: str = ""

    @property
    def key(self) -> Key:
        return self.rfc, self.number


def sections() -> list[Section]:
    """Return all sections of both RFCs, in order."""
    document = tomllib.loads((ROOT / "tools" / "rfc_sections.toml").read_text(encoding="utf-8"))
    return [Section(**row) for row in document["section"]]


def markers(folder: Path = ROOT / "tests") -> dict[Key, Counter[str]]:
    """Return section → test file → number of tests (or whole files) with its marker."""
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for path in sorted(folder.rglob("test_*.py")):
        for key in _marks_in(ast.parse(path.read_text(encoding="utf-8"))):
            found[key][str(path.relative_to(ROOT))] += 1
    return found


def _marks_in(tree: ast.AST) -> Iterator[Key]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rfc":
            rfc, number = (ast.literal_eval(argument) for argument in node.args)
            yield rfc, number


def problems() -> list[str]:
    """Return errors: sections without tests, markers without sections, refusals without a reason."""
    proofs, known = markers(), {section.key: section for section in sections()}
    wrong = [f"RFC {rfc} §{number} is no section" for rfc, number in proofs if (rfc, number) not in known]
    for key, section in known.items():
        name = f"RFC {section.rfc} §{section.number} {section.title}"
        if section.answer == "served" and key not in proofs:
            wrong.append(f"{name}: no test carries its marker")
        if section.answer != "served" and key in proofs:
            wrong.append(f"{name}: is {section.answer}, and tests claim to prove it")
        if section.answer == "not_served" and not section.note:
            wrong.append(f"{name}: says not why")
    return wrong


def table() -> str:
    """Return the table as Markdown."""
    proofs = markers()
    lines = []
    for rfc in ("7643", "7644"):
        lines += [f"### RFC {rfc}", "", "| § | Section | Here | Proven by |", "|---|---|---|---|"]
        for section in (section for section in sections() if section.rfc == rfc):
            tests = ", ".join(
                f"{Path(path).stem.removeprefix('test_')} {count}"
                for path, count in proofs.get(section.key, {}).items()
            )
            here = ANSWERS[section.answer] + (f": {section.note}" if section.note else "")
            lines.append(f"| {section.number} | {section.title} | {here} | {tests} |")
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """Write or check the table; return the exit code."""
    wrong = problems()
    before, _begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _old, _end, after = rest.partition(END)
    page = f"{before}{BEGIN}\n{table()}\n{END}{after}"
    if "--check" in sys.argv:
        if page != PAGE.read_text(encoding="utf-8"):
            wrong.append("docs/scim.md is not in step: python -m tools.rfc_table")
    else:
        PAGE.write_text(page, encoding="utf-8")
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
