"""Target paths of a mapping (`emails[type eq "work"].value`): read in a resource, place in a new one."""

import re
from dataclasses import dataclass
from typing import Any

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

PATH = re.compile(
    r"""
    (?:(?P<urn>urn:.+):)?                                         # the dots of "2.0" belong to the URN
    (?P<attribute>[A-Za-z$][\w$-]*)
    (?:\[(?P<filter_by>\w+)\ eq\ "(?P<filter_value>[^"]*)"\])?
    (?:\.(?P<sub>[A-Za-z$][\w$-]*))?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Target:
    """A parsed path. `urn` is "" for core attributes, `filter_by` and `sub` are "" when absent."""

    path: str
    urn: str
    attribute: str
    filter_by: str
    filter_value: str
    sub: str

    @classmethod
    def parse(cls, path: str) -> "Target":
        """Raises ValueError when `path` is none of the forms Entra maps to."""
        match = PATH.fullmatch(path)
        if match is None:
            raise ValueError(f"not a target path: {path}")
        parts = {name: text or "" for name, text in match.groupdict().items()}
        return cls(path=path, **{**parts, "urn": "" if parts["urn"] == CORE_USER else parts["urn"]})

    def read(self, resource: dict[str, Any]) -> Any:
        """Return the value a resource has there, None when it has none."""
        place: Any = resource.get(self.urn) if self.urn else resource
        value = place.get(self.attribute) if isinstance(place, dict) else None
        if self.filter_by:
            items = value if isinstance(value, list) else []
            value = next((i for i in items if isinstance(i, dict) and self._matches(i)), None)
        if self.sub:
            value = value.get(self.sub) if isinstance(value, dict) else None
        return value

    def place(self, resource: dict[str, Any], value: Any) -> None:
        """Put `value` into a resource being built; a filtered path makes an element of the filter's type."""
        at = resource.setdefault(self.urn, {}) if self.urn else resource
        if self.filter_by:
            items = at.setdefault(self.attribute, [])
            at = next((item for item in items if self._matches(item)), None)
            if at is None:
                at = {self.filter_by: self.filter_value}
                if (self.attribute, self.filter_value) == ("emails", "work"):
                    at["primary"] = True
                items.append(at)
            if self.sub:  # a target without it, as by a wrong mapping, leaves the element without a value
                at[self.sub] = value
        elif self.sub:
            at.setdefault(self.attribute, {})[self.sub] = value
        else:
            at[self.attribute] = value

    def _matches(self, item: dict[str, Any]) -> bool:
        return str(item.get(self.filter_by)).casefold() == self.filter_value.casefold()
