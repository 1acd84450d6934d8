"""The comparison key of names: the only place where case is folded."""

import unicodedata

NAME_LENGTH = 512
"""Longest indexed text, in characters: the size of an index row is limited."""

TEXT_LENGTH = 4_096
"""Longest text that is not indexed, in characters."""

MAX_KEY_BYTES = 2_048
"""Longest key of an indexed text, in bytes of UTF-8."""


def name_key(value: str) -> str:
    """Return ``casefold(NFKC(value))``, the form in which names are compared and must be unique.

    Computed in Python only, never in SQL, where LOWER and UPPER disagree with it on letters such as ``ı``
    (reference: Django CVE-2019-19844). NFKC is applied again after folding, so that the function returns its
    own output unchanged.
    """
    folded = unicodedata.normalize("NFKC", value).casefold()
    return unicodedata.normalize("NFKC", folded)


def is_storable(value: str) -> bool:
    """Whether every database can keep the text: no NUL (PostgreSQL), no lone surrogate (JSON ``\\ud800``)."""
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
