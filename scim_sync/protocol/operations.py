"""Reads the operations of a PATCH (RFC 7644 §3.5.2) and normalizes them to one attribute each."""

from typing import Any, Final, NamedTuple

from scim2_models.path import AttrPath, FilterNode, ValuePath

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
from scim_sync.protocol.multi_valued import check_reference, read_change, read_selected, refuse_blank
from scim_sync.protocol.paths import check_name, parse_path, plain_selector
from scim_sync.protocol.values import UNREMARKABLE, Ignored, read_single

_VERBS: Final = frozenset({"add", "remove", "replace"})
# The value of an operation without `value`. Null is different: it is a value, which may be invalid.
_NOTHING: Final = object()


class Operation(NamedTuple):
    """A normalized PATCH operation: lower-case `op`, canonical `path`, `value` as the schema defines it.

    `selector` is the filter in the brackets of the path, if any. `every` is the list if the operation writes
    a sub-attribute of every element (`emails.value`).
    """

    op: str
    path: str
    value: Any = None
    selector: FilterNode | None = None
    every: str = ""

    def as_dict(self) -> dict[str, Any]:
        member = {} if self.value is None else {"value": self.value}
        return {"op": self.op, "path": self.path, **member}


def normalise_operations(body: dict[str, Any], kind: ResourceKind = USER) -> tuple[list[Operation], Ignored]:
    """Return the operations of a PATCH, each on one attribute, and the names that were ignored.

    Operations without a path, or with an object as value, become one operation per attribute. Null and ""
    become removals. Raises InvalidSyntax, InvalidPath, InvalidValue, Mutability, NoTarget, PayloadTooLarge.
    """
    given = next((value for key, value in body.items() if key.lower() == "operations"), None)
    if not isinstance(given, list):
        raise InvalidSyntax("Operations: a list of operations is needed")
    reader = _OperationReader(kind)
    for position, operation in enumerate(given):
        reader.read(operation, position)
    return reader.operations, reader.ignored


class _OperationReader:
    """Collects the normalized operations and the ignored names of one PATCH."""

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
        value = members.get("value", _NOTHING)
        if verb != "remove" and value is _NOTHING:
            raise InvalidValue(f"Operations[{position}]: {verb} needs a value")
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
                self._at_key(verb, name, item)

    def _at_key(self, verb: str, name: str, value: Any) -> None:
        """Read a name in the value of an operation without a path; it may be a path."""
        try:
            self._at_path(verb, name, value)
        except InvalidPath:
            if "[" in name or name.strip().lower().startswith("urn:"):
                raise  # it was certainly meant as a path
            self.ignored.add(name)

    def _at_path(self, verb: str, path: str, value: Any) -> None:
        attribute = entra.locate(self.kind, path)
        if attribute is not None:  # a simple name, the most frequent case, needs no parser
            self._on_attribute(verb, attribute, value)
            return
        check_name(self.kind, path)
        node = parse_path(path)
        if isinstance(node, AttrPath):
            self.ignored.add(path)
        elif isinstance(node, ValuePath):
            self._on_selection(verb, node, value, path)
        else:
            raise InvalidPath(f"path {shown(without_literals(path))}: a filter must stand in brackets")

    def _on_attribute(self, verb: str, attribute: Attribute, value: Any) -> None:
        if attribute.path == "schemas":
            self.ignored.add(attribute.path)  # derived from the other attributes
            return
        owner: Attribute | None = attribute
        while owner is not None:
            if owner.read_only:
                raise Mutability(f"{attribute.path}: is read-only")
            owner = owner.parent
        if verb == "remove":
            self._remove(attribute, value)
            return
        if attribute.multi_valued:
            self._on_list(verb, attribute, value)
            return
        if attribute.complex:
            self._on_members(verb, attribute, value)
            return
        every = ""
        if attribute.parent is not None and attribute.parent.multi_valued:
            refuse_blank(verb, attribute, value)
            every = attribute.parent.name
        read = read_single(attribute, value, self.ignored)
        if read is None:
            self._clear(attribute)
        else:
            self._append(Operation(verb, attribute.path, read, every=every))

    def _on_list(self, verb: str, attribute: Attribute, value: Any) -> None:
        elements = read_change(verb, attribute, value, self.ignored)
        if elements:
            self._append(Operation(verb, attribute.path, elements))
        elif verb == "replace":
            self._clear(attribute)

    def _on_members(self, verb: str, attribute: Attribute, value: Any) -> None:
        """Add one operation per sub-attribute: RFC 7644 §3.5.2.3 keeps those that are not in the value."""
        value = entra.plain(attribute, value)
        if attribute.sub("value") is None:
            refuse_blank(verb, attribute, value)  # RFC 7644 §3.5.2.1: a set of sub-attributes is added
        if value is None or value == "":
            self._clear(attribute)
            return
        if not isinstance(value, dict):
            raise InvalidValue(f"{attribute.path}: {shown(value)} is not an object")
        check_reference(attribute, value)
        for name, item in value.items():
            member = attribute.sub(name)
            if member is None:
                separator = ":" if attribute.path.lower() in self.kind.extensions else "."
                self.ignored.add(f"{attribute.path}{separator}{name}")
            elif not member.read_only:
                self._on_attribute(verb, member, item)

    def _remove(self, attribute: Attribute, value: Any) -> None:
        if value is not _NOTHING and attribute.parent is not None and attribute.parent.multi_valued:
            # `emails.value` means every element, but the value names only one of them.
            raise InvalidValue(
                f"{attribute.path}: what to remove is selected in the path, or listed without it"
            )
        if value is _NOTHING or not entra.lists_what_goes(attribute):
            self._clear(attribute)
            return
        selected = read_change("remove", attribute, value, self.ignored)
        if selected:
            self._append(Operation("remove", attribute.path, selected))

    def _clear(self, attribute: Attribute) -> None:
        if attribute.required:
            raise Mutability(f"{attribute.path}: is required and cannot be removed")
        self._append(Operation("remove", attribute.path))

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
        if selector is None and (verb == "remove" or attribute.lists_members):
            # Ignoring it would report success although nobody was added or removed.
            raise InvalidPath(
                f"path {shown(without_literals(path))}: {attribute.path} has no such sub-attribute to compare"
            )
        if selector is None or (node.sub_attr and sub is None):
            self.ignored.add(path)
            return
        if sub is not None and sub.read_only:
            raise Mutability(f"{sub.path}: is read-only")
        target = f"{attribute.path}[{selector}]" + (f".{sub.name}" if sub else "")
        if verb == "remove":
            self._append(Operation("remove", target, selector=selector))
        elif sub is not None:
            refuse_blank(verb, sub, value)
            read = read_single(sub, value, self.ignored)
            self._append(Operation("remove" if read is None else verb, target, read, selector))
        else:
            members = read_selected(verb, attribute, value, self.ignored)
            if members is None:
                self._append(Operation("remove", target, selector=selector))
            elif members:
                self._append(Operation(verb, target, members, selector))

    def _append(self, operation: Operation) -> None:
        if len(self.operations) >= MAX_PATCH_OPERATIONS:
            raise PayloadTooLarge(f"Operations: {MAX_PATCH_OPERATIONS} are accepted in one PATCH")
        self.operations.append(operation)
