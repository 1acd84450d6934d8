"""The published schemas as a tree; finds names in any form that RFC 7643 §2.1 and RFC 7644 §3.10 allow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scim_sync.protocol import schemas


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """An attribute, a sub-attribute, or a whole extension (then `name` and `path` are its URN).

    `path` is the canonical name: `userName`, `emails.type`, `urn:…:enterprise:2.0:User:manager.value`.
    """

    name: str
    path: str
    type: str
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: str = "readWrite"
    returned: str = "default"
    parent: "Attribute | None" = None
    subs: dict[str, "Attribute"] = field(default_factory=dict)

    @property
    def read_only(self) -> bool:
        return self.mutability == "readOnly"

    @property
    def write_only(self) -> bool:
        return self.mutability == "writeOnly"

    @property
    def complex(self) -> bool:
        return self.type == "complex"

    @property
    def lists_members(self) -> bool:
        """Whether elements consist of an immutable `value`, like members of a group (RFC 7643 §8.7.1)."""
        value = self.subs.get("value")
        return self.multi_valued and value is not None and value.mutability == "immutable"

    def sub(self, name: str) -> "Attribute | None":
        """Return the sub-attribute with this name, ignoring case, or None."""
        return self.subs.get(name.lower())

    def walk(self) -> Iterator["Attribute"]:
        """Yield this attribute and all its descendants."""
        yield self
        for sub in self.subs.values():
            yield from sub.walk()


@dataclass(frozen=True, slots=True, eq=False)
class ResourceKind:
    """A resource type: its core attributes and extensions, with keys in lower case."""

    name: str
    schema: str
    core: Mapping[str, Attribute]
    extensions: dict[str, Attribute]

    def find(self, name: str) -> Attribute | None:
        """Return the attribute of a name: `userName`, `NAME.givenname`, `urn:…:User:department`, a bare URN.

        None if no schema of this resource declares it.
        """
        lowered = name.strip().lower()
        if not lowered.startswith("urn:"):
            return self._descend(self.core, lowered)
        for urn, extension in self.extensions.items():
            if lowered == urn:
                return extension
            if lowered.startswith(f"{urn}:"):
                return self._descend(extension.subs, lowered[len(urn) + 1 :])
        core = f"{self.schema.lower()}:"
        return self._descend(self.core, lowered[len(core) :]) if lowered.startswith(core) else None

    def is_core_schema(self, name: str) -> bool:
        """Whether a name is the bare URN of the core schema."""
        return name.strip().lower() == self.schema.lower()

    def has(self, attribute: Attribute) -> bool:
        """Whether an attribute, or its parent, belongs to this resource type."""
        while attribute.parent is not None:
            attribute = attribute.parent
        name = attribute.name.lower()
        return attribute in (self.core.get(name), self.extensions.get(name))

    @staticmethod
    def _descend(attributes: Mapping[str, Attribute], dotted: str) -> Attribute | None:
        head, dot, sub = dotted.partition(".")
        attribute = attributes.get(head)
        return attribute.subs.get(sub) if attribute and dot else attribute

    def walk(self) -> Iterator[Attribute]:
        """Yield every attribute of the resource."""
        for attribute in (*self.core.values(), *self.extensions.values()):
            yield from attribute.walk()


# RFC 7643 §3.1: common to every resource and therefore in no schema document (externalId is, in ours).
_COMMON: Final[list[dict[str, Any]]] = [
    {
        "name": "schemas",
        "type": "string",
        "multiValued": True,
        "mutability": "readOnly",
        "returned": "always",
    },
    {"name": "id", "type": "string", "caseExact": True, "mutability": "readOnly", "returned": "always"},
    {
        "name": "meta",
        "type": "complex",
        "mutability": "readOnly",
        "subAttributes": [
            {"name": name, "type": kind, "caseExact": True, "mutability": "readOnly"}
            for name, kind in (
                ("resourceType", "string"),
                ("created", "dateTime"),
                ("lastModified", "dateTime"),
                ("location", "reference"),
                ("version", "string"),
            )
        ],
    },
]


def _attribute(document: Mapping[str, Any], prefix: str, parent: Attribute | None) -> Attribute:
    attribute = Attribute(
        name=document["name"],
        path=f"{prefix}{document['name']}",
        type=document["type"],
        multi_valued=document.get("multiValued", False),
        required=document.get("required", False),
        case_exact=document.get("caseExact", False),
        mutability=document.get("mutability", "readWrite"),
        returned=document.get("returned", "default"),
        parent=parent,
    )
    for sub in document.get("subAttributes", []):
        attribute.subs[sub["name"].lower()] = _attribute(sub, f"{attribute.path}.", attribute)
    return attribute


def _extension(document: Mapping[str, Any]) -> Attribute:
    extension = Attribute(name=document["id"], path=document["id"], type="complex")
    for sub in document["attributes"]:
        extension.subs[sub["name"].lower()] = _attribute(sub, f"{extension.path}:", extension)
    return extension


def _kind(name: str) -> ResourceKind:
    described = {document["id"]: document for document in schemas.schema_documents()}
    resource_type = next(item for item in schemas.resource_type_documents() if item["name"] == name)
    core = [*_COMMON, *described[resource_type["schema"]]["attributes"]]
    extensions = [described[item["schema"]] for item in resource_type.get("schemaExtensions", [])]
    return ResourceKind(
        name=name,
        schema=resource_type["schema"],
        core={item["name"].lower(): _attribute(item, "", None) for item in core},
        extensions={item["id"].lower(): _extension(item) for item in extensions},
    )


USER: Final = _kind("User")
GROUP: Final = _kind("Group")
_OWN: Final = frozenset(USER.extensions)


def extend_people(documents: Sequence[dict[str, Any]]) -> None:
    """Extend people by a host's schemas, in place of those before."""
    schemas.use_extensions(documents)
    for urn in USER.extensions.keys() - _OWN:
        del USER.extensions[urn]
    USER.extensions.update({document["id"].lower(): _extension(document) for document in documents})
