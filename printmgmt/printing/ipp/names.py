"""Which text may be sent as a name."""

import unicodedata

from printmgmt.printing.ipp.errors import UnsafeName

LONGEST_NAME = 255  # RFC 8011 §5.1.3: name(MAX), in octets
LONGEST_TEXT = 1023  # RFC 8011 §5.1.2: text(MAX)

# Control characters (line breaks too), half surrogate pairs, and two that some programs take for line breaks.
_UNSAFE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def is_clean(text: str) -> bool:
    """Return whether no character of the text could end a line or a string where the server writes it."""
    return text.isprintable() or not any(unicodedata.category(character) in _UNSAFE for character in text)


def check_name(name: str) -> str:
    """Return the name as it is. Raises `UnsafeName` if it is empty, unclean or over 255 bytes of UTF-8."""
    if not name or not is_clean(name) or len(name.encode()) > LONGEST_NAME:
        raise UnsafeName(technical=f"name {name!r}")
    return name


def cut(text: str, octets: int = LONGEST_NAME) -> str:
    """Return the longest beginning that fits into so many bytes of UTF-8; no character is split."""
    return text.encode()[:octets].decode(errors="ignore")
