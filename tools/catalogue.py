"""Reads gettext catalogues (.po) without gettext, and finds errors in them."""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdr]|\{\w*\}|</?[a-z]+")
"""Placeholders and tags that a translation must keep."""


@dataclass(frozen=True)
class Message:
    """One entry. ``plural`` is "" if there is one form; ``translations`` has a text for each form."""

    msgid: str
    plural: str
    context: str
    translations: tuple[str, ...]
    fuzzy: bool

    @property
    def key(self) -> tuple[str, str, str]:
        return self.context, self.msgid, self.plural


def read(text: str) -> list[Message]:
    """Return the entries of a .po or .pot file, the header first, without obsolete ones (``#~``)."""
    return [message for block in re.split(r"\n\s*\n", text) if (message := _entry(block))]


def compiled(messages: Collection[Message]) -> dict[str | tuple[str, int], str]:
    """Return what ``gettext.GNUTranslations`` contains after it has read the .mo of these entries."""
    held: dict[str | tuple[str, int], str] = {}
    for message in messages:
        key = f"{message.context}\x04{message.msgid}" if message.context else message.msgid
        if message.fuzzy or not all(message.translations):
            continue
        for form, translation in enumerate(message.translations):
            held[(key, form) if message.plural else key] = translation
    return held


def faults(messages: Collection[Message], sources: Collection[Message]) -> Iterator[str]:
    """Yield a line for each string that is missing, unused, untranslated, fuzzy, or lacks a placeholder."""
    known, wanted = {message.key for message in messages}, {message.key for message in sources}
    for message in sources:
        if message.key not in known:
            yield f"missing: {message.msgid!r}"
    for message in messages:
        if message.key not in wanted:
            yield f"no longer in the sources: {message.msgid!r}"
        if message.fuzzy:
            yield f"fuzzy: {message.msgid!r}"
        elif not all(message.translations):
            yield f"untranslated: {message.msgid!r}"
        elif not _hands_on(message):
            yield f"placeholders differ: {message.msgid!r}"


def _entry(block: str) -> Message | None:
    texts: dict[str, str] = {}
    fuzzy, keyword = False, ""
    for line in block.splitlines():
        if line.startswith("#,"):
            fuzzy = fuzzy or "fuzzy" in line
        elif line.startswith('"'):
            texts[keyword] += ast.literal_eval(line)
        elif line and not line.startswith("#"):
            keyword, _blank, text = line.partition(" ")
            texts[keyword] = ast.literal_eval(text)
    if "msgid" not in texts:
        return None
    translations = tuple(text for keyword, text in texts.items() if keyword.startswith("msgstr"))
    return Message(
        texts["msgid"], texts.get("msgid_plural", ""), texts.get("msgctxt", ""), translations, fuzzy
    )


def _hands_on(message: Message) -> bool:
    """Whether the placeholders match. The singular may omit the number; unknown placeholders are errors."""
    if not message.msgid:
        return True  # the header
    forms = [set(PLACEHOLDER.findall(text)) for text in (message.msgid, message.plural or message.msgid)]
    given = forms[0] | forms[1]
    return all(
        forms[min(number, 1)] <= set(PLACEHOLDER.findall(translation)) <= given
        for number, translation in enumerate(message.translations)
    )
