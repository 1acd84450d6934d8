"""Attributes of requests, each with the tag its standard gives it."""

from collections.abc import Iterable

from printmgmt.printing.ipp.codec import Attribute, Value
from printmgmt.printing.ipp.errors import UnsafeName
from printmgmt.printing.ipp.names import LONGEST_NAME, check_name, cut, is_clean
from printmgmt.printing.ipp.values import Tag

# RFC 8011 §5.2.2; anything else, such as 23:15:00, is sent as a name.
_HOLD_KEYWORDS = {
    "no-hold",
    "indefinite",
    "day-time",
    "evening",
    "night",
    "weekend",
    "second-shift",
    "third-shift",
}

CHARSET = Attribute("attributes-charset", [Value(Tag.CHARSET, "utf-8")])
LANGUAGE = Attribute("attributes-natural-language", [Value(Tag.NATURAL_LANGUAGE, "en")])


def uri(name: str, value: str) -> Attribute:
    return Attribute(name, [Value(Tag.URI, value)])


def integer(name: str, value: int) -> Attribute:
    return Attribute(name, [Value(Tag.INTEGER, value)])


def boolean(name: str, value: bool) -> Attribute:
    return Attribute(name, [Value(Tag.BOOLEAN, value)])


def keyword(name: str, *values: str) -> Attribute:
    return Attribute(name, [Value(Tag.KEYWORD, value) for value in values])


def names(name: str, values: Iterable[str]) -> Attribute:
    """Raises `UnsafeName` if one of them cannot be sent."""
    return Attribute(name, [Value(Tag.NAME, check_name(value)) for value in values])


def title(text: str) -> Attribute:
    """What a job is called: too long a text is cut. Raises `UnsafeName` for one that cannot be sent."""
    if not is_clean(text):
        raise UnsafeName(technical=f"title {text!r}")
    return Attribute("job-name", [Value(Tag.NAME, cut(text, LONGEST_NAME))])


def hold(value: str, name: str = "job-hold-until") -> Attribute:
    if value in _HOLD_KEYWORDS:
        return keyword(name, value)
    return names(name, [value])
