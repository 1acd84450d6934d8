"""Updates the catalogues from the sources and compiles them; with ``--check``, only reports errors.

Needs GNU gettext (tools/ensure-gettext.sh). Run as ``python -m tools.translations`` from the repository.
"""

import gettext
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

from tools.catalogue import Message, compiled, faults, read

LOCALE = Path("locale")
LANGUAGES = ["fr"]
IGNORED = [".*", "static", "tests", "data", "tools"]


class Update(makemessages.Command):
    """Django's command without fuzzy matches and without the date, which would change with every run."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        po = catalogue(locale)
        text = re.sub(r'"POT-Creation-Date: .*\n', "", po.read_text(encoding="utf-8"))
        po.write_text(text, encoding="utf-8")


class Extraction(makemessages.Command):
    """Only extracts the strings of the sources; changes no catalogue."""

    sources: list[Message]

    def write_po_file(self, potfile: str, locale: str) -> None:
        self.sources = read(Path(potfile).read_text(encoding="utf-8"))


def catalogue(language: str) -> Path:
    """Return the path of the catalogue of a language."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def update() -> None:
    """Write and compile every catalogue."""
    _extract(Update())
    for language in LANGUAGES:
        po = catalogue(language)
        subprocess.run(["msgfmt", "--check-format", "-o", po.with_suffix(".mo"), po], check=True)  # noqa: S607


def problems() -> Iterator[str]:
    """Yield a line for each reason why the catalogues are not complete and compiled."""
    extraction = Extraction()
    _extract(extraction)
    for language in LANGUAGES:
        po = catalogue(language)
        messages = read(po.read_text(encoding="utf-8"))
        yield from (f"{po}: {fault}" for fault in faults(messages, extraction.sources))
        if not is_compiled(po, messages):
            yield f"{po.with_suffix('.mo')} is not what {po.name} says: make messages"


def is_compiled(po: Path, messages: list[Message]) -> bool:
    """Whether the .mo of a catalogue has its messages. Bytes differ between versions of gettext."""
    mo = po.with_suffix(".mo")
    if not mo.exists():
        return False
    with mo.open("rb") as stream:
        held: dict[Any, str] = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
    return held == compiled(messages)


def _extract(command: makemessages.Command) -> None:
    call_command(
        command,
        locale=LANGUAGES,
        ignore_patterns=IGNORED,
        no_obsolete=True,
        no_wrap=True,
        add_location="file",
        verbosity=0,
    )


if __name__ == "__main__":
    settings.configure(LOCALE_PATHS=[LOCALE])
    if "--check" in sys.argv:
        sys.exit("\n".join(problems()) or 0)
    update()
