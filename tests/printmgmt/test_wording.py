"""English that people read: one style, and no word that makes a reader translate (docs/translating.md)."""

import re

import pytest
from django.conf import settings

from tools.catalogue import read

PO = settings.BASE_DIR / "locale/fr/LC_MESSAGES/django.po"

# What may not stand in a text of the console, and what to write.
REFUSED = {
    r"\be-mail": "email",
    r"two-factor sign-in": "two-factor authentication",
    r"\bshall\b": "should, must, will",
    r"\banew\b": "again",
    r"\b(whoever|whomever)\b": "name who, or use 'anyone who'",
    r"\b(somebody|everybody|anybody)\b": "someone, everyone, anyone",
    r"\bopens? (nothing|no )": "no longer works",
    r"\b(give|gives|gave|given|take|takes|took|taken) back\b": "restore, unassign",
    r"colour|recognise|anonymis|behaviour|organisation|\bspelt\b|cancelled": "US spelling",
    r"\bmeanwhile\b": "in the meantime",
    r"directory's word|what follows\b": "say who did what",
    r"\b(is|are) (told|refused already)\b": "is notified, was already rejected",
    r"\bby now\b|\ball along\b|\bat present\b": "leave it out",
    r"\bmails?\b": "email",
    r"\bsettled\b|\bsuperseded\b": "in restore period, replaced",
    r"\bmake (a|the|new) \b": "create",
}


def texts() -> list[str]:
    """Every text of the catalogue, in English."""
    messages = read(PO.read_text(encoding="utf-8"))
    return [text for message in messages for text in (message.msgid, message.plural) if text]


@pytest.mark.parametrize(("refused", "better"), REFUSED.items())
def test_no_text_uses_a_word_that_readers_have_to_translate(refused: str, better: str) -> None:
    found = [text for text in texts() if re.search(refused, text, re.IGNORECASE)]

    assert found == [], f"write instead: {better}"


def test_the_list_would_find_them() -> None:
    assert len(texts()) > 1000
    assert re.search(next(iter(REFUSED)), "Your E-mail", re.IGNORECASE)
