"""English that people read: one style, and no word that makes a reader translate (docs/translating.md)."""

import ast
import re
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings

from tools.catalogue import read

ROOT = Path(settings.BASE_DIR)
PO = ROOT / "locale/fr/LC_MESSAGES/django.po"
PACKAGES = ("printmgmt", "addons", "scim_sync", "directory_export", "tests", "tools", "bench", "demo")

# What may not stand anywhere, comments and docstrings included, and what to write.
ANYWHERE = {
    r"\be-mail": "email",
    r"two-factor sign-in": "two-factor authentication",
    r"\banew\b": "again",
    r"\b(whoever|whomever)\b": "name who, or use 'anyone who'",
    r"\b(somebody|everybody|anybody)\b": "someone, everyone, anyone",
    r"\bmeanwhile\b": "in the meantime",
    r"colour|recognise|behaviour|organisation|\bspelt\b": "US spelling",
}

# … nor in texts of the console and in docs/.
READ = ANYWHERE | {
    r"\bshall\b": "should, must, will",
    r"\bopens? (nothing|no )": "no longer works",
    r"\b(give|gives|gave|given|take|takes|took|taken) back\b": "restore, unassign",
    r"anonymis|cancelled": "US spelling",
    r"directory's word|what follows\b": "say who did what",
    r"\b(is|are) (told|refused already)\b": "is notified, was already rejected",
    r"\bby now\b|\ball along\b|\bat present\b": "leave it out",
}

# … nor in texts of the console.
SHOWN = READ | {
    r"\bmails?\b": "email",
    r"\bsettled\b|\bsuperseded\b": "in restore period, replaced",
    r"\bmake (a|the|new) \b": "create",
}

CODE = re.compile(r"^```.*?^```|`[^`]+`", re.MULTILINE | re.DOTALL)
"""Names in a page are not English: a field may be called ``anonymised_at``."""

WORD_LIST = re.compile(r"^\| (Write|English) \|.*?(\n\n|\Z)", re.MULTILINE | re.DOTALL)
"""The page about words lists those to avoid, and French ones."""


def texts() -> list[str]:
    """Every text of the catalogue, in English."""
    messages = read(PO.read_text(encoding="utf-8"))
    return [text for message in messages for text in (message.msgid, message.plural) if text]


def pages() -> Iterator[tuple[str, str]]:
    """Each line of docs/*.md without code, and where it is."""
    for file in sorted((ROOT / "docs").glob("*.md")):
        page = WORD_LIST.sub("\n", CODE.sub("", file.read_text(encoding="utf-8")))
        for line in page.splitlines():
            yield file.name, re.sub(r"\*[^*]+\*", "", line) if file.name == "translating.md" else line


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            if file.parent.name != "migrations" and file != Path(__file__):
                yield file


def remarks(code: str) -> Iterator[tuple[int, str]]:
    """Comments, docstrings and other texts that stand by themselves, by line."""
    for token in tokenize.generate_tokens(StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Expr(value=ast.Constant(value=str() as text)):
                yield node.lineno, text


@pytest.mark.parametrize(("refused", "better"), SHOWN.items())
def test_no_text_uses_a_word_that_readers_have_to_translate(refused: str, better: str) -> None:
    found = [text for text in texts() if re.search(refused, text, re.IGNORECASE)]

    assert found == [], f"write instead: {better}"


@pytest.mark.parametrize(("refused", "better"), READ.items())
def test_no_page_of_the_documentation_does(refused: str, better: str) -> None:
    found = [(name, line) for name, line in pages() if re.search(refused, line, re.IGNORECASE)]

    assert found == [], f"write instead: {better}"


def words_to_avoid(code: str) -> Iterator[str]:
    """Each word to avoid in comments and docstrings, with its line and what to write."""
    if re.search("|".join(ANYWHERE), code, re.IGNORECASE):  # most files need no parsing
        for line, text in remarks(code):
            for refused, better in ANYWHERE.items():
                if word := re.search(refused, text, re.IGNORECASE):
                    yield f"{line} {word[0]}, write instead: {better}"


def test_no_comment_and_no_docstring_does() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{word}"
        for file in sources()
        for word in words_to_avoid(file.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_the_lists_would_find_them() -> None:
    assert len(texts()) > 1000
    assert len(list(pages())) > 1000
    assert len(list(sources())) > 500
    assert re.search(next(iter(ANYWHERE)), "Your E-mail", re.IGNORECASE)
    code = 'def meanwhile():\n    """For whoever\n    asks."""\n    somebody = 1  # Anew\n'
    assert [word.partition(",")[0] for word in words_to_avoid(code)] == ["4 Anew", "2 whoever"]
