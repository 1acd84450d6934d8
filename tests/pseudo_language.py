"""A language in which every translated text stands in brackets: what stands outside was never wrapped."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.utils.translation.trans_real import CONTEXT_SEPARATOR, DjangoTranslation

SPOKEN = {
    "alt",
    "aria-label",
    "data-confirm",
    "data-confirm-button",
    "data-confirm-title",
    "data-copied",
    "data-copy-failed",
    "data-default",
    "data-key-trouble",
    "placeholder",
    "title",
}
"""Attributes that a person sees or hears."""

DATA = {"bdi", "code", "pre", "time", "script", "style"}
"""Elements that hold what was stored or is written for machines."""

VOID = {"br", "circle", "hr", "img", "input", "line", "link", "meta", "path", "source"}


class PseudoLanguage(DjangoTranslation):
    """Stands in for a language of the console; dates and numbers follow that language."""

    def gettext(self, message: str) -> str:
        text = message.rpartition(CONTEXT_SEPARATOR)[2]
        # The two words of `yesno` come apart at their comma.
        return "⟦" + re.sub(r",(?=\S)", "⟧,⟦", text) + "⟧" if text else ""

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)


class Page(HTMLParser):
    """The texts of a page that people see or hear, and the addresses it links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        self.texts += [value for name, value in given.items() if name in SPOKEN]
        if tag not in VOID:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if DATA.isdisjoint(self._inside):
            self.texts.append(data)

    def unwrapped(self) -> Iterator[str]:
        """What stands outside of the brackets; one pair may span several elements."""
        depth = 0
        for text in self.texts:
            outside = ""
            for character in text:
                if character == "⟦":
                    depth += 1
                elif character == "⟧":
                    depth -= 1
                elif depth == 0:
                    outside += character
            yield " ".join(outside.split())
