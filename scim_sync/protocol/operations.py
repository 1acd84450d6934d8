"""What the operations of a PATCH ask for (RFC 7644 §3.5.2), each made plain and put on one attribute."""

from typing import Any, Final, NamedTuple

from scim2_models.path import AttrPath, ValuePath

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import USER, Attribute, ResourceKind
from scim_sync.protocol.errors import (
    InvalidPath,
    InvalidSyntax,
    InvalidValue,
    Mutability,
    NoTarget,
    PayloadTooLarge,
    shown,
    without_literals,
)
from scim_sync.protocol.limits import MAX_PATCH_OPERATIONS
from scim_sync.protocol.paths import parse_path, plain_selector
from scim_sync.protocol.values import UNREMARKABLE, Ignored, read_members, read_single, read_value

_VERBS: Final = frozenset({"add", "remove", "replace"})


class Operation(NamedTuple):
    """One PATCH operation made plain: lower-case `op`, canonical `path`, `value` as the schema has it."""

    op: str
    path: str
    value: Any = None

    def as_dict(self) -> dict[str, Any]:
        member = {} if self.value is None else {"value": self.value}
        return {"op": self.op, "path": self.path, **member}


def normalise_operations(
    body: dict[str, Any], kind: ResourceKind = USER
) -> tuple[list[Operation], list[str]]:
    """The operations of a PATCH, each on one attribute, and the names that were ignored.

    Operations without a path and values that are objects become one operation an attribute; null and ""
    become removals. Raises InvalidSyntax, InvalidPath, InvalidValue, Mutability, NoTarget, PayloadTooLarge.
    """
    given = next((value for key, value in body.items() if key.lower() == "operations"), None)
    if not isinstance(given, list):
        raise InvalidSyntax("Operations: a list of operations is needed")
    reader = _OperationReader(kind)
    for position, operation in enumerate(given):
        reader.read(operation, position)
    return reader.operations, reader.ignored.names()


class _OperationReader:
    """Collects the plain operations and the ignored names of one PATCH."""

    def __init__(self, kind: ResourceKind) -> None:
        self.kind = kind
        self.operations: list[Operation] = []
        self.ignored = Ignored()

    def read(self, given: Any, position: int) -> None:
        if not isinstance(given, dict):
            raise InvalidSyntax(f"Operations[{position}]: {shown(given)} is not an object")
        members = {key.lower(): value for key, value in given.items()}
        op = members.get("op")
        verb = op.strip().lower() if isinstance(op, str) else ""
        if verb not in _VERBS:
            raise InvalidValue(f"Operations[{position}].op: {shown(op)} is none of add, remove, replace")
        path = members.get("path")
        if path is not None and not isinstance(path, str):
            raise InvalidPath(f"Operations[{position}].path: {shown(path)} is not a string")
        if verb != "remove" and "value" not in members:
            raise InvalidValue(f"Operations[{position}]: {verb} needs a value")
        value = members.get("value")
        if path and path.strip() and not self.kind.is_core_schema(path):
            self._at_path(verb, path, value)
        else:
            self._without_path(verb, value, position)

    def _without_path(self, verb: str, value: Any, position: int) -> None:
        if verb == "remove":
            raise NoTarget(f"Operations[{position}]: remove needs a path")  # RFC 7644 §3.5.2.2
        if not isinstance(value, dict):
            raise InvalidValue(f"Operations[{position}].value: without a path it must be an object")
        for name, item in value.items():
            attribute = entra.locate(self.kind, name)
            if attribute is not None and attribute.read_only:
                if attribute.path not in UNREMARKABLE:
                    self.ignored.add(attribute.path)
            elif attribute is None and self.kind.is_core_schema(name):
                self._without_path(verb, item, position)
            else:
                try:
                    self._at_path(verb, name, item)
                except InvalidPath:
                    self.ignored.add(name)  # a name no path can be is an unknown one

    def _at_path(self, verb: str, path: str, value: Any) -> None:
        attribute = entra.locate(self.kind, path)
        if attribute is not None:  # a plain name, by far the most frequent, needs no parser
            self._on_attribute(verb, attribute, value)
            return
        node = parse_path(path)
        if isinstance(node, AttrPath):
            self.ignored.add(path)
        elif isinstance(node, ValuePath):
            self._on_selection(verb, node, value, path)
        else:
            raise InvalidPath(f"path {shown(without_literals(path))}: a filter must stand in brackets")

    def _on_attribute(self, verb: str, attribute: Attribute, value: Any) -> None:
        if attribute.path == "schemas":
            self.ignored.add(attribute.path)  # follows from the attributes present
            return
        owner: Attribute | None = attribute
        while owner is not None:
            if owner.read_only:
                raise Mutability(f"{attribute.path}: is read-only")
            owner = owner.parent
        if verb == "remove":
            self._remove(attribute, value)
            return
        if attribute.complex and not attribute.multi_valued:
            self._on_members(verb, attribute, value)
            return
        read = read_value(attribute, value, self.ignored)
        if read is None and verb == "add" and isinstance(value, list | dict):
            return  # "roles": [] adds nothing, it does not clear
        if read is None and verb == "replace" and attribute.path == "members" and value == []:
            self._append(verb, attribute.path, [])  # whether that empties the group, the dialect says
            return
        if read is None:
            self._clear(attribute)
        else:
            self._append(verb, attribute.path, read)

    def _on_members(self, verb: str, attribute: Attribute, value: Any) -> None:
        """One operation a member: RFC 7644 §3.5.2.3 keeps the members that the value does not name."""
        value = entra.plain(attribute, value)
        if value is None or value == "":
            self._clear(attribute)
            return
        if not isinstance(value, dict):
            raise InvalidValue(f"{attribute.path}: {shown(value)} is not an object")
        for name, item in value.items():
            member = attribute.sub(name)
            if member is None:
                separator = ":" if attribute.path.lower() in self.kind.extensions else "."
                self.ignored.add(f"{attribute.path}{separator}{name}")
            elif not member.read_only:
                self._on_attribute(verb, member, item)

    def _remove(self, attribute: Attribute, value: Any) -> None:
        if value is None or value == "" or not attribute.multi_valued:
            self._clear(attribute)
            return
        # Entra lists what to remove in the value: RFC 7644 knows only a filter in the path.
        items = value if isinstance(value, list) else [value]
        selected = [read_single(attribute, item, self.ignored) for item in items]
        selected = [item for item in selected if item]
        if selected:
            self._append("remove", attribute.path, selected)

    def _clear(self, attribute: Attribute) -> None:
        if attribute.required:
            raise Mutability(f"{attribute.path}: is required and cannot be removed")
        self._append("remove", attribute.path)

    def _on_selection(self, verb: str, node: ValuePath, value: Any, path: str) -> None:
        attribute = entra.locate(self.kind, str(node.attr_path))
        if attribute is None:
            self.ignored.add(path)
            return
        if not (attribute.complex and attribute.multi_valued):
            raise InvalidPath(
                f"path {shown(without_literals(path))}: {attribute.path} holds no list to select from"
            )
        if attribute.read_only:
            raise Mutability(f"{attribute.path}: is read-only")
        sub = attribute.sub(node.sub_attr) if node.sub_attr else None
        selector = plain_selector(attribute, node.val_filter)
        if selector is None or (node.sub_attr and sub is None):
            self.ignored.add(path)
            return
        if sub is not None and sub.read_only:
            raise Mutability(f"{sub.path}: is read-only")
        target = f"{attribute.path}[{selector}]" + (f".{sub.name}" if sub else "")
        if sub is None:
            value = entra.plain(attribute, value)
        if verb == "remove" or value is None or value == "":
            self._append("remove", target)
            return
        if sub is not None:
            self._append(verb, target, read_value(sub, value, self.ignored))
            return
        members = read_members(attribute, value, self.ignored)
        if members:
            self._append(verb, target, members)

    def _append(self, op: str, path: str, value: Any = None) -> None:
        if len(self.operations) >= MAX_PATCH_OPERATIONS:
            raise PayloadTooLarge(f"Operations: {MAX_PATCH_OPERATIONS} are accepted in one PATCH")
        self.operations.append(Operation(op, path, value))
