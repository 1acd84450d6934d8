"""One comparison key for every name: the only place where letter case is folded."""

import unicodedata

NAME_LENGTH = 512
"""Characters of an indexed text at most; a longer one is refused, since an index row has an end."""

TEXT_LENGTH = 4_096
"""Characters of a text that is not indexed."""

MAX_KEY_BYTES = 2_048
"""Bytes of the key of an indexed text, in UTF-8."""


def name_key(value: str) -> str:
    """Return ``casefold(NFKC(value))``, the form names are compared and unique under.

    Computed in Python only, never in SQL, where LOWER and UPPER disagree with it on letters such as ``ı``
    (reference: Django CVE-2019-19844). NFKC is applied again after folding, so that the function returns its
    own output unchanged.
    """
    folded = unicodedata.normalize("NFKC", value).casefold()
    return unicodedata.normalize("NFKC", folded)


def is_storable(value: str) -> bool:
    """Whether every database can keep the text: no NUL (PostgreSQL), no lone surrogate (JSON ``\\ud800``)."""
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
