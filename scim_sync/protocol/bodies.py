"""Reads the bodies of POST and PUT, and defines what all writes result in."""

from collections.abc import Callable
from typing import Any, NamedTuple

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import GROUP, USER, Attribute, ResourceKind
from scim_sync.protocol.errors import InvalidValue, shown
from scim_sync.protocol.members import MemberChange, member_ids
from scim_sync.protocol.multi_valued import read_list
from scim_sync.protocol.mutability import split_write_only
from scim_sync.protocol.rules import check_group, check_user
from scim_sync.protocol.values import UNREMARKABLE, Ignored, read_single


class UserBody(NamedTuple):
    """A person as wanted by a POST, PUT or PATCH.

    `resource` has canonical names and no read-only attributes. `write_only` maps canonical paths to the value
    in the request, None for a cleared one; attributes that were not sent are missing. `is_whole` is False for
    a PATCH, which has only what it changes.
    """

    resource: dict[str, Any]
    write_only: dict[str, str | None]
    ignored: tuple[str, ...]
    is_whole: bool = True


def read_user(body: dict[str, Any], *, comparison_key: Callable[[str], str]) -> UserBody:
    """Read and check the body of a POST or PUT on a person (RFC 7644 §3.3, §3.5.1). Raises InvalidValue."""
    resource, ignored = normalise(body)
    resource, write_only = split_write_only(resource)
    check_user(resource, comparison_key)
    return UserBody(resource, write_only, tuple(ignored))


class GroupBody(NamedTuple):
    """A group as wanted by a POST, PUT or PATCH. `resource` is without members; `members` are the changes
    of members, in order.
    """

    resource: dict[str, Any]
    members: list[MemberChange]
    ignored: tuple[str, ...]


def read_group(body: dict[str, Any], *, comparison_key: Callable[[str], str]) -> GroupBody:
    """Read and check the body of a POST or PUT on a group. Raises InvalidValue."""
    resource, ignored = normalise(body, GROUP)
    members = MemberChange("replace", member_ids(resource.pop("members", [])))
    check_group(resource, comparison_key)
    return GroupBody(resource, [members], tuple(ignored))


def normalise(body: dict[str, Any], kind: ResourceKind = USER) -> tuple[dict[str, Any], list[str]]:
    """Return the resource that a POST or PUT describes, and the names that were ignored.

    It has canonical names, extensions under their URN, no null, no "" and nothing read-only. A cleared
    write-only attribute is None. Raises InvalidValue naming attribute and value.
    """
    resource: dict[str, Any] = {}
    ignored = Ignored()
    for name, value in body.items():
        attribute = entra.locate(kind, name)
        if attribute is None:
            if not kind.is_core_schema(name) or not isinstance(value, dict):
                ignored.add(name)
                continue
            nested, more = normalise(value, kind)  # for clients that nest even the core schema
            resource.update(nested)
            for each in more:
                ignored.add(each)
        elif attribute.path in UNREMARKABLE:
            continue
        elif attribute.path.lower() in kind.extensions:
            _read_extension(resource, attribute, value, ignored)
        else:
            _place(resource, attribute, value, ignored)
    return resource, ignored.names()


def _read_extension(resource: dict[str, Any], extension: Attribute, value: Any, ignored: Ignored) -> None:
    if value is None or value == "":
        return
    if not isinstance(value, dict):
        raise InvalidValue(f"{extension.path}: {shown(value)} is not an object")
    for name, item in value.items():
        attribute = extension.sub(name)
        if attribute is None:
            ignored.add(f"{extension.path}:{name}")
        else:
            _place(resource, attribute, item, ignored)


def _place(resource: dict[str, Any], attribute: Attribute, value: Any, ignored: Ignored) -> None:
    if attribute.read_only:
        ignored.add(attribute.path)
        return
    if attribute.multi_valued:
        read = read_list(attribute, value, ignored) or None
    else:
        read = read_single(attribute, value, ignored)
    if read is None and not attribute.write_only:
        return
    holder = resource
    if attribute.parent is not None:
        holder = _holder(resource, attribute.parent)
    holder[attribute.name] = read


def _holder(resource: dict[str, Any], attribute: Attribute) -> dict[str, Any]:
    if attribute.multi_valued:
        raise InvalidValue(f"{attribute.path}: give its values as a list of objects")
    outer = resource if attribute.parent is None else _holder(resource, attribute.parent)
    inner: dict[str, Any] = outer.setdefault(attribute.name, {})
    return inner
