"""Which values of a list a PATCH path selects (RFC 7644 §3.5.2, §3.4.2.2), for the model of a PATCH."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

Element = dict[str, Any]
Selects = Callable[[Element], bool]

# RFC 7643 §4.1.2: the lists a client may write. "primary" is a boolean, the rest is text.
_ADDRESS = "formatted streetAddress locality region postalCode country type primary"
LISTS = {
    "emails": "value type primary",
    "phoneNumbers": "value display type primary",
    "ims": "value display type primary",
    "addresses": _ADDRESS,
    "entitlements": "value display type primary",
    "roles": "value display type primary",
}
_OTHER_QUOTES = "'`‘’“”«»"
_TERM = re.compile(r'(\w+)\s+(?:(pr)|(eq|ne|co|sw|ew)\s+("(?:[^"\\]|\\.)*"|\S+))', re.IGNORECASE)


class Refused(Exception):
    """A scimType of RFC 7644 §3.12."""


def key(text: str) -> str:
    """The form in which text that is not caseExact is compared: the published key function."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def named(name: str, known: set[str]) -> str | None:
    """RFC 7643 §2.1: attribute names are case-insensitive."""
    return next((each for each in known if each.lower() == name.lower()), None)


def subs(name: str) -> set[str]:
    return set(LISTS[name].split())


def parse_filter(text: str, name: str) -> Selects | None:
    """A filter of `and`, `or` and one `not` around all; None if it compares what is not declared."""
    inner = re.fullmatch(r"not\s*\((.*)\)", text, re.IGNORECASE)
    if inner:
        found = parse_filter(inner[1], name)
        return None if found is None else lambda element: not found(element)
    for word, test in ((" or ", any), (" and ", all)):
        parts = re.split(word, text, flags=re.IGNORECASE)
        if len(parts) > 1:
            return _joined(test, [parse_filter(part, name) for part in parts])
    match = _TERM.fullmatch(text)
    if match is None:
        raise Refused("invalidPath")
    sub = named(match[1], subs(name))
    if sub is None:
        return None
    if match[2]:
        return lambda element: sub in element
    if match[4] == '""' or (match[4][0] != '"' and {match[4][0], match[4][-1]} & set(_OTHER_QUOTES)):
        raise Refused("invalidPath")  # §3.4.2.2: a JSON string; ADR 19: and one that says something
    operator, literal = match[3].lower(), _literal(sub, match[4])
    return lambda element: _compare(element.get(sub), operator, literal)


def _joined(test: Callable[[Iterable[bool]], bool], terms: list[Selects | None]) -> Selects | None:
    known = [term for term in terms if term is not None]
    return None if len(known) < len(terms) else lambda element: test(term(element) for term in known)


def _literal(sub: str, text: str) -> Any:
    # A literal without quotes is text, and text that says true or false is a boolean (§0 lines 5 and 10).
    value = json.loads(text) if text.startswith('"') else text
    return value.lower() == "true" if sub == "primary" else value


def _compare(value: Any, operator: str, literal: Any) -> bool:
    if operator == "ne":
        return not _compare(value, "eq", literal)
    if isinstance(literal, bool):  # RFC 7643 §2.4: primary that is not given is false
        return operator == "eq" and bool(value) is literal
    if value is None:
        return False
    value, literal = key(value), key(literal)
    tests = {"eq": value == literal, "co": literal in value, "sw": value.startswith(literal)}
    return bool(tests.get(operator, value.endswith(literal)))


def described_by(text: str, name: str) -> Element | None:
    """The element that comparisons by eq, joined by `and`, describe."""
    described: Element = {}
    for part in re.split(" and ", text, flags=re.IGNORECASE):
        match = _TERM.fullmatch(part)
        sub = named(match[1], subs(name)) if match else None
        if match is None or sub is None or match[2]:
            return None
        operator, literal = match[3].lower(), _literal(sub, match[4])
        if isinstance(literal, bool):
            # Not being primary describes nothing, and what is not false is true.
            operator, literal = "eq" if literal is (operator == "eq") else "", True
        if operator != "eq":
            return None
        described[sub] = literal
    return described
