"""SCIM errors: the table of RFC 7644 §3.12 and our exceptions; `library_errors` converts those of libraries.

`detail` appears in the customer's provisioning log: it has the attribute and the value, but never a secret.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar, Final
from urllib.parse import unquote

from django_scim.constants import SchemaURI
from django_scim.exceptions import SCIMException

from scim_sync.protocol.schemas import write_only_names

# Values of these attributes never appear in a detail.
SECRET_NAMES: Final = frozenset({"password", *write_only_names()})
# The literal of a path: quoted, unterminated, or bare as Entra sometimes sends it.
_LITERAL: Final = re.compile(
    r'"(?:[^"\\]|\\.)*"?|(?P<operator>\b(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+)[^\s()\[\]"]+', re.IGNORECASE
)
_FOLDED_SECRETS: Final = frozenset(name.lower() for name in SECRET_NAMES)
_BETWEEN_NAMES: Final = re.compile(r"[^\w\s-]+")
_MAX_SHOWN: Final = 100
_MAX_DETAIL: Final = 1000


# RFC 7644 §3.12, Table 9: the status of each scimType.
STATUSES: Final = {
    "invalidFilter": 400,
    "tooMany": 400,
    "uniqueness": 409,
    "mutability": 400,
    "invalidSyntax": 400,
    "invalidPath": 400,
    "noTarget": 400,
    "invalidValue": 400,
    "invalidVers": 400,
    "sensitive": 400,
}


def error_body(status: int, detail: str, scim_type: str | None = None) -> dict[str, Any]:
    """Return the body of an error response (RFC 7644 §3.12), where `status` is a string."""
    body: dict[str, Any] = {"schemas": [SchemaURI.ERROR], "status": str(status)}
    if scim_type:
        body["scimType"] = scim_type
    body["detail"] = detail
    return body


class ScimError(SCIMException):  # type: ignore[misc]  # django-scim2 ships no types
    """An error response: `status` (HTTP), `scim_type` (RFC 7644 Table 9, or None), `detail`."""

    default_status: ClassVar[int] = 400
    default_type: ClassVar[str | None] = None

    status: int
    scim_type: str | None
    detail: str

    def __init__(self, detail: str, *, status: int | None = None, scim_type: str | None = None) -> None:
        scim_type = scim_type or self.default_type
        super().__init__(
            detail[:_MAX_DETAIL],
            status=status or STATUSES.get(scim_type or "", self.default_status),
            scim_type=scim_type,
        )

    def to_dict(self) -> dict[str, Any]:
        return error_body(self.status, self.detail, self.scim_type)


class InvalidFilter(ScimError):
    default_type = "invalidFilter"


class InvalidPath(ScimError):
    default_type = "invalidPath"


class InvalidSyntax(ScimError):
    default_type = "invalidSyntax"


class InvalidValue(ScimError):
    default_type = "invalidValue"


class Mutability(ScimError):
    default_type = "mutability"


class NoTarget(ScimError):
    default_type = "noTarget"


class TooMany(ScimError):
    default_type = "tooMany"


class Uniqueness(ScimError):
    default_type = "uniqueness"


class Forbidden(ScimError):
    default_status = 403


class NotFound(ScimError):
    default_status = 404


class PreconditionFailed(ScimError):
    default_status = 412


class PayloadTooLarge(ScimError):
    default_status = 413


class NotImplementedHere(ScimError):
    default_status = 501


def shown(value: Any) -> str:
    """Return a value for a detail: short, on one line; only the kind of an object or list."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


def without_literals(path: str) -> str:
    """Return a path or name without its literals, which may be secret: `emails[type eq "…"].value`."""
    return _LITERAL.sub(lambda found: (found["operator"] or "") + '"…"', path)


def is_secret(path: str) -> bool:
    """Whether a path, name or filter contains a secret attribute, whose value must not be repeated.

    Ignores case, blanks, hyphens, quotes, brackets, percent signs, and a dot instead of a colon.
    """
    return _is_secret(path) if len(path) > _MAX_SHOWN else _known_name(path)


def _is_secret(path: str) -> bool:
    plain = "".join(
        c for c in unicodedata.normalize("NFKC", unquote(path)) if unicodedata.category(c) != "Cf"
    )
    words = [
        word for part in _BETWEEN_NAMES.split(plain.lower()) for word in [*map(_folded, part.split()), ""]
    ]
    pairs = (first + second for first, second in pairwise(words))
    return not _FOLDED_SECRETS.isdisjoint([*words, *pairs])  # a name may have been split in two


# A large body repeats the same few names ten thousands of times.
_known_name = lru_cache(4096)(_is_secret)


def _folded(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
