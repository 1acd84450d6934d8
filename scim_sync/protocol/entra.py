"""Everything special about Microsoft Entra: the policy of scim2-models, and what it does not cover.

Each function converts one deviation seen in requests to what RFC 7643 and RFC 7644 require. The bodies that
use them are read in `scim_sync.protocol.bodies`; no other file knows the vendor.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from scim2_models import ScimPolicy
from scim2_models.path import AttributeBinding

from scim_sync.protocol.attributes import Attribute, ResourceKind
from scim_sync.protocol.schemas import ENTERPRISE_USER

_MISSPELT_ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0user"
MISSPELT_URNS: Final = (_MISSPELT_ENTERPRISE,)
_BOOLEANS: Final = {"true": True, "false": False}
# Literals, even unterminated ones, match first, so that nothing inside them looks like a comparison.
_COMPARISON: Final = re.compile(
    r'"(?:[^"\\]|\\.)*"?|(?P<operator>(?<=\s)(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+)(?P<bare>[^\s()\[\]"]+)',
    re.IGNORECASE,
)
# Quotes of word processors, chats and programming languages. A bare literal has none at its ends.
_OTHER_QUOTES: Final = frozenset("'`´‘’‚‛“”„‟‹›«»′″‵‶＂＇｀「」『』")


@lru_cache(maxsize=8)
def policy(comparison_key: Callable[[str], str]) -> ScimPolicy:
    """Return the policy to apply a PATCH with. Text is compared by `comparison_key` unless caseExact."""

    def compared(binding: AttributeBinding, value: str) -> str:
        return value if binding.case_exact else comparison_key(value)

    return ScimPolicy(
        unknown=ScimPolicy.Unknown.ignore,
        remove_value_as_filter=ScimPolicy.RemoveValue.apply,
        unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
        comparison_key=compared,
    )


def locate(kind: ResourceKind, name: str) -> Attribute | None:
    """Return the attribute of a name or None. The enterprise URN may be `…:2.0User` or absent (`manager`)."""
    name = name.strip()
    if name.lower().startswith(_MISSPELT_ENTERPRISE):
        name = ENTERPRISE_USER + name[len(_MISSPELT_ENTERPRISE) :]
    found = kind.find(name)
    if found is None and ENTERPRISE_USER.lower() in kind.extensions and not name.lower().startswith("urn:"):
        return kind.find(f"{ENTERPRISE_USER}:{name}")
    return found


def as_boolean(value: Any) -> Any:
    """Return `"True"` and `"false"` as booleans, other values unchanged. Entra sends `active` as text."""
    return _BOOLEANS.get(value.strip().lower(), value) if isinstance(value, str) else value


def plain(attribute: Attribute, value: Any) -> Any:
    """Return one value in the form of the RFC: booleans from text, objects from bare ids and arrays."""
    if attribute.type == "boolean":
        return as_boolean(value)
    if not attribute.complex:
        return value
    if isinstance(value, list) and len(value) <= 1:  # "manager": [{"value": "…"}]
        value = value[0] if value else None
    if attribute.path == "roles":
        return _plain_role(value)
    if isinstance(value, str) and value and attribute.sub("value"):  # "manager": "<id>"
        return {"value": value}
    return value


def _plain_role(value: Any) -> Any:
    """Read an app role: a string, an object, or JSON inside a string, with `displayName` for `display`."""
    role = {"value": value} if isinstance(value, str) and value else value
    if not isinstance(role, dict):
        return role
    inner = _json_object(role.get("value"))
    role = {**role, **inner} if inner else dict(role)
    name = role.pop("displayName", None)
    role.pop("id", None)
    return role if name is None else {"display": name, **role}


def _json_object(text: Any) -> dict[str, Any] | None:
    if not (isinstance(text, str) and text.lstrip().startswith("{")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("value"), str) else None


def lists_what_goes(attribute: Attribute) -> bool:
    """Whether the value of a `remove` lists the elements to remove, as Azure sends it.

    RFC 7644 §3.5.2.2 has only a filter in the path. For a single-valued attribute the value is ignored.
    """
    return attribute.multi_valued


def member_verb(verb: str, *, replace_adds: bool) -> str:
    """Return what a PATCH does with its members: Azure's `replace` adds them and removes nobody.

    Without ``replace_adds``, `replace` means what RFC 7644 §3.5.2.3 says.
    """
    return "add" if verb == "replace" and replace_adds else verb


class Misquoted(ValueError):
    """A literal has other quotes than JSON's."""


def quote_literals(expression: str) -> str:
    """Quote the bare literals of a filter or path: `externalId eq jyoung`. No attribute here is a number.

    Raises Misquoted for `'work'`, `“work”` and the like: as bare literals, their quotes would become text.
    """

    def quote(match: re.Match[str]) -> str:
        bare = match["bare"]
        if bare is None or bare.lower() in {"true", "false", "null"}:
            return match[0]
        if bare[0] in _OTHER_QUOTES or bare[-1] in _OTHER_QUOTES:
            raise Misquoted(f'a literal stands in straight double quotes ("), not in {bare[0]}…{bare[-1]}')
        return match["operator"] + json.dumps(bare, ensure_ascii=False)

    return _COMPARISON.sub(quote, expression)
