"""One comparison key for every name: the only place where letter case is folded."""

import unicodedata

MAX_KEY_BYTES = 2_048


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
