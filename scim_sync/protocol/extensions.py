"""A host's own extension of people: a schema of texts, which the host's adapter declares (docs/scim.md)."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import override

from scim_sync.protocol.errors import is_secret

# RFC 7643 §10.2.1. Paths are read up to the last colon, and differences expect the resource at the end.
_URN: Final = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:[A-Za-z0-9:._-]+:User")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # RFC 7643 §2.1


@dataclass(frozen=True, kw_only=True)
class TextAttribute:
    """A single text. ``name`` is what SCIM calls it, ``label`` what people read.

    ``case_exact``: filters tell upper from lower case. ``description`` is for `/Schemas`, which shows the
    label in English if there is none.
    """

    name: str
    label: str | Promise = ""
    description: str = ""
    case_exact: bool = False

    def document(self) -> dict[str, Any]:
        """Return the attribute as `/Schemas` shows it (RFC 7643 §7)."""
        with override("en"):
            description = self.description or str(self.label)
        return {
            "name": self.name,
            "type": "string",
            "multiValued": False,
            "description": description,
            "required": False,
            "caseExact": self.case_exact,
            "mutability": "readWrite",
            "returned": "default",
            "uniqueness": "none",
        }


@dataclass(frozen=True, kw_only=True)
class Extension:
    """A schema that extends people. ``urn`` is its id, such as ``urn:contoso:scim:staff:2.0:User``."""

    urn: str
    name: str
    attributes: tuple[TextAttribute, ...]
    description: str = ""

    def path(self, attribute: TextAttribute) -> str:
        """Return the canonical path of one of the attributes."""
        return f"{self.urn}:{attribute.name}"

    def document(self) -> dict[str, Any]:
        """Return the extension as `/Schemas` shows it (RFC 7643 §7)."""
        return {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": self.urn,
            "name": self.name,
            "description": self.description or self.name,
            "attributes": [attribute.document() for attribute in self.attributes],
        }

    def problems(self, taken: Collection[str]) -> Iterator[str]:
        """Say what is wrong with it. ``taken`` are the URNs of other schemas, in lower case."""
        if not _URN.fullmatch(self.urn):
            yield f"the URN “{self.urn}” is not of the form urn:<owner>:…:User"
        if self.urn.lower() in taken:
            yield f"another schema has the URN {self.urn}"
        if not _NAME.fullmatch(self.name):
            yield f"“{self.name}” is no name of a schema: letters, digits, - and _"
        if not self.attributes:
            yield "it has no attribute"
        for attribute in self.attributes:
            if not _NAME.fullmatch(attribute.name):
                yield f"“{attribute.name}” is no name of an attribute: letters, digits, - and _"
            elif is_secret(attribute.name):
                yield f"“{attribute.name}” is the name of a secret, which is never shown"
            if not attribute.label:
                yield f"“{attribute.name}” has no label"
        counted = Counter(attribute.name.lower() for attribute in self.attributes)
        yield from (f"two attributes are called “{name}”" for name, count in counted.items() if count > 1)
