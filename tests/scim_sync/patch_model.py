"""PATCH of a user once more, plain dicts and the text of RFC 7644 §3.5.2: what the server is measured by.

Where the server is more lenient than the RFC a comment says so: ADR 19 and what Entra needs
(`entra/README.md`). Nothing here is taken from the code of the server.
"""

import copy
import json
import re
from typing import Any, NamedTuple

from tests.scim_sync.patch_selection import (
    LISTS,
    Element,
    Refused,
    Selects,
    described_by,
    key,
    named,
    parse_filter,
    subs,
)

Resource = dict[str, Any]

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PRINTMGMT = "urn:ietf:params:scim:schemas:extension:printmgmt:2.0:User"

# RFC 7643 §4.1 and §4.3: what a client may write, by kind. "active" and "primary" are the booleans.
TEXTS = "userName externalId displayName nickName profileUrl title userType preferredLanguage locale timezone"
NAME = "formatted familyName givenName middleName honorificPrefix honorificSuffix"
ENTERPRISE_TEXTS = "employeeNumber costCenter organization division department"
# No "value" at all: null is one, and names nothing.
NOT_GIVEN = object()
READ_ONLY = {"id", "meta", "groups", "printAliases"}
SECRETS = {"cardNumber", "pin"}  # taken, never shown

_PATH = re.compile(
    r"(?:(urn:[^\[\s]*):)?([A-Za-z$][\w$-]*)(?:\[(.*)\])?(?:\.([A-Za-z$][\w$-]*))?", re.IGNORECASE
)


class Target(NamedTuple):
    """Where a path leads: the attribute, inside an extension or not; what of it."""

    holder: str  # "", or the URN of an extension
    name: str
    where: str | None = None
    sub: str | None = None


def patched(
    resource: Resource, operations: list[Any], *, taken: set[str], required: set[str]
) -> tuple[Resource, set[str]]:
    """The representation a PATCH leaves, and the scimTypes it may be refused with: none if it succeeds.

    The RFC does not say which of several errors is answered, so all of them are in the set. ``taken`` are the
    keys of other people's userNames, ``required`` the attributes that the server's schema says are required.
    """
    after = copy.deepcopy(resource)
    errors = set()
    for operation in operations:
        try:
            steps = _steps(operation)
        except Refused as error:
            errors.add(str(error))
            continue
        for step in steps:
            trial = copy.deepcopy(after)
            try:
                _at(trial, *step)
            except Refused as error:
                errors.add(str(error))
                continue
            if any(name in after and name not in trial for name in required):
                errors.add("mutability")  # §3.5.2.2: a required attribute becomes unassigned
            else:
                after = trial
    for name in LISTS:
        # An element that only says what kind of value it would be says nothing (§0 line 14).
        if name in after:
            after[name] = [element for element in after[name] if element.keys() - {"type", "primary"}]
    after = _without_empty(after)
    after.setdefault("active", resource["active"])  # a request without it does not change it
    user_name = after.get("userName", "")
    if not user_name.strip():
        errors.add("invalidValue")
    if key(user_name) in taken:
        errors.add("uniqueness")
    return (resource, errors) if errors else (after, errors)


def _without_empty(value: Any) -> Any:
    """RFC 7643 §2.5: null, and an empty list or object, is the same as no value at all."""
    if isinstance(value, dict):
        kept = {name: _without_empty(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item not in (None, "", [], {})}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value


def _steps(operation: Any) -> list[tuple[str, str, Any]]:
    """(verb, path, value) of each attribute an operation is about."""
    if not isinstance(operation, dict):
        raise Refused("invalidSyntax")
    verb = operation.get("op")
    # RFC 7644 §3.5.2: one of add, remove, replace; Entra writes them with a capital (entra/README.md §15).
    verb = verb.lower() if isinstance(verb, str) else ""
    if verb not in ("add", "remove", "replace"):
        raise Refused("invalidValue")
    path = operation.get("path")
    if path is not None and not isinstance(path, str):
        raise Refused("invalidPath")
    if verb != "remove" and "value" not in operation:
        raise Refused("invalidValue")
    value = operation.get("value", NOT_GIVEN)
    if path:
        return [(verb, path, value)]
    if verb == "remove":  # §3.5.2.2: "If path is unspecified, the operation fails with noTarget"
        raise Refused("noTarget")
    if not isinstance(value, dict):  # §3.5.2.1, §3.5.2.3: the value holds a set of attributes
        raise Refused("invalidValue")
    return _folded(verb, value)


def _folded(verb: str, value: Resource) -> list[tuple[str, str, Any]]:
    steps = []
    for name, item in value.items():
        if name == CORE and isinstance(item, dict):
            steps += _folded(verb, item)  # nested, as the attributes of an extension are
        elif not _is_read_only(_locate(name)):  # ignored in a body (entra/README.md §5), refused by a path
            steps.append((verb, name, item))
    return steps


def _is_read_only(target: Target | None) -> bool:
    return target is not None and target.name in READ_ONLY


def _locate(path: str) -> Target | None:
    """What a path means; None for what no schema here declares, which is ignored (§0 line 18)."""
    lowered = path.lower()
    for urn in (ENTERPRISE, PRINTMGMT):
        if lowered == urn.lower():
            return Target(urn, "")
    if any(lowered.startswith(f"{urn.lower()}.") for urn in (CORE, ENTERPRISE, PRINTMGMT)):
        raise Refused("invalidPath")  # §3.10: a colon joins a schema and its attribute
    match = _PATH.fullmatch(path)
    if match is None:
        raise Refused("invalidPath")
    urn, name, where, sub = match.groups()
    schema = (urn or CORE).lower()
    if schema == ENTERPRISE.lower().replace("2.0:user", "2.0user"):  # seen misspelt so (§5)
        schema = ENTERPRISE.lower()
    if schema == CORE.lower():
        known = {"active", "name", "id", "meta", "groups", *TEXTS.split(), *LISTS}
        found = named(name, known)
        if found is not None:
            return Target("", found, where, sub)
    if urn is None or schema == ENTERPRISE.lower():  # `manager` alone is the enterprise one (§7)
        found = named(name, {"manager", *ENTERPRISE_TEXTS.split()})
        if found is not None:
            return Target(ENTERPRISE, found, where, sub)
    if schema == PRINTMGMT.lower():
        found = named(name, {*SECRETS, "printAliases"})
        if found is not None:
            return Target(PRINTMGMT, found, where, sub)
    return None


def _at(resource: Resource, verb: str, path: str, value: Any) -> None:
    target = _locate(path)
    if target is None:
        return
    holder, name, where, sub = target
    if _is_read_only(target):
        raise Refused("mutability")
    if where is not None and name not in LISTS:
        raise Refused("invalidPath")  # nothing to select from
    if not name:
        _extension(resource, verb, holder, value)
    elif name in LISTS:
        _list(resource, verb, target, value)
    elif name == "name":
        _complex(resource, verb, "name", NAME, sub, value)
    elif name == "manager":
        _manager(resource.setdefault(ENTERPRISE, {}), verb, sub, value)
    elif sub is None:
        _single(resource if not holder else resource.setdefault(holder, {}), verb, name, value)


def _extension(resource: Resource, verb: str, urn: str, value: Any) -> None:
    if verb == "add" and value in (None, ""):
        raise Refused("invalidValue")  # §3.5.2.1: "a set of sub-attributes SHALL be specified"
    if verb == "remove" or value in (None, ""):
        resource.pop(urn, None)
    elif not isinstance(value, dict):
        raise Refused("invalidValue")
    else:
        for name, item in value.items():
            target = _locate(f"{urn}:{name}")
            if target is not None and not _is_read_only(target):
                _at(resource, verb, f"{urn}:{name}", item)


def _single(holder: Resource, verb: str, name: str, value: Any) -> None:
    """§3.5.2.1 and §3.5.2.3 say the same of a single value: it becomes the value."""
    if verb == "remove" or value is None or value == "":  # "" clears as null does (§0 line 14)
        holder.pop(name, None)
        return
    value = _checked(name, value)
    if name not in SECRETS:
        holder[name] = value


def _checked(name: str, value: Any) -> Any:
    """§3.5.2: "invalidValue" for what does not fit the type."""
    if name in ("active", "primary"):
        # Text that says true or false is a boolean wherever the schema wants one (§0 line 10).
        value = {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value
        fits = isinstance(value, bool)
    else:
        fits = isinstance(value, str)
    if not fits:
        raise Refused("invalidValue")
    return value


def _complex(resource: Resource, verb: str, name: str, known: str, sub: str | None, value: Any) -> None:
    """§3.5.2.1, §3.5.2.3: a set of sub-attributes; those it does not name stay as they are."""
    if sub is not None:
        found = named(sub, set(known.split()))
        if found is not None:
            _single(resource.setdefault(name, {}), verb, found, value)
    elif verb == "add" and name == "name" and value in (None, "", []):
        raise Refused("invalidValue")  # §3.5.2.1, as above; a manager is as good as one value
    elif verb == "remove" or value is None or value == "":
        resource.pop(name, None)
    elif not isinstance(value, dict):
        raise Refused("invalidValue")
    else:
        for each, item in value.items():
            _complex(resource, verb, name, known, each, item)


def _manager(enterprise: Resource, verb: str, sub: str | None, value: Any) -> None:
    """A bare id, an object or a list of one (§7); `$ref` and `displayName` are ours to say."""
    if sub is None and verb != "remove":
        value = (value or [None])[0] if isinstance(value, list) and len(value) < 2 else value
        value = {"value": value} if isinstance(value, str) else value
        if isinstance(value, dict):
            set_names = [name.lower() for name, item in value.items() if item not in (None, "")]
            if set_names and "value" not in map(str.lower, value):
                raise Refused("invalidValue")  # ADR 19: it names something, and no manager
            value = {name: item for name, item in value.items() if name.lower() == "value"}
    if sub is not None and sub.lower() in ("$ref", "displayname"):
        raise Refused("mutability")
    _complex(enterprise, verb, "manager", "value", sub, value)


def _list(resource: Resource, verb: str, target: Target, value: Any) -> None:
    _, name, where, sub = target
    if where is None and sub is not None:
        raise NotImplementedError("no RFC says which of the values that would be")
    selects = parse_filter(where, name) if where is not None else None
    if where is not None and selects is None and verb == "remove":
        raise Refused("invalidPath")  # ADR 19: a success would have left there what was to go
    if (where is not None and selects is None) or (sub and named(sub, subs(name)) is None):
        return  # compares or names what no schema here declares
    before = resource.get(name, [])
    marked = [id(element) for element in before if element.get("primary") is True]
    if selects is None:
        after = _whole(before, verb, name, value)
    else:
        after = _selected(before, verb, name, (where or "", selects), named(sub or "", subs(name)), value)
    resource[name] = after
    # §3.5.2: setting primary to true sets it to false for every other value; RFC 7643 §2.4: one at most.
    new = [element for element in after if element.get("primary") is True and id(element) not in marked]
    if len(new) > 1:
        raise Refused("invalidValue")
    for element in after:
        if new and element is not new[0] and element.get("primary") is True:
            element["primary"] = False


def _whole(before: list[Element], verb: str, name: str, value: Any) -> list[Element]:
    """§3.5.2 of a list without a filter: all of it goes or is replaced; what is not there yet is added."""
    if verb == "remove" and value is NOT_GIVEN:
        return []
    if value == []:  # ADR 19: an empty list empties with replace, and with nothing else
        return [] if verb == "replace" else before
    if verb == "replace" and (value is None or value == ""):
        return []  # §0 line 14
    given = _elements(name, value)
    if verb == "remove":
        # Entra names in the value what is to go (§10, §15); the RFC knows no value here.
        if not all(given):
            raise Refused("invalidValue")
        return [element for element in before if not any(_holds(element, one) for one in given)]
    given = [element for element in given if not _is_hollow(element)]
    if not given:
        raise Refused("invalidValue")  # ADR 19: a value that names nothing
    if verb == "replace":
        return given
    # §3.5.2.1: what is there already is not added again; text is compared as its attribute is.
    return before + [one for one in given if not any(_equal(one, element) for element in before)]


def _is_hollow(element: Element) -> bool:
    """Whether it only says what kind of value it would be."""
    return not element.keys() - {"type", "primary"}


def _holds(element: Element, wanted: Element) -> bool:
    return bool(wanted) and all(_same(element.get(name), item) for name, item in wanted.items())


def _equal(one: Element, other: Element) -> bool:
    return one.keys() == other.keys() and _holds(one, other)


def _same(one: Any, other: Any) -> bool:
    return key(one) == key(other) if isinstance(one, str) and isinstance(other, str) else one is other


def _elements(name: str, value: Any) -> list[Element]:
    items = value if isinstance(value, list) else [value]
    return [{} if _is_blank(item) else _element(name, item) for item in items]


def _element(name: str, value: Any) -> Element:
    element = {sub: item for sub, item in _changes(name, value).items() if item is not None}
    value = value[0] if isinstance(value, list) and value else value
    if _is_hollow(element) and isinstance(value, dict):
        for each, item in value.items():
            known = named(each, subs(name)) or (name == "roles" and each in ("displayName", "id"))
            if not known and item not in (None, "", [], {}):
                raise Refused("invalidValue")  # ADR 19: it says something, and nothing that can be read
    return element


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _changes(name: str, value: Any) -> Element:
    """The sub-attributes a value names; None for those that it clears."""
    value = (value or [None])[0] if isinstance(value, list) and len(value) < 2 else value
    if _is_blank(value):
        return {}
    if isinstance(value, str) and "value" in subs(name):
        value = {"value": value}  # a bare text is the value, as it is for a manager (§7)
    if name == "roles":
        value = _role(value)
    if not isinstance(value, dict):
        raise Refused("invalidValue")
    element = {}
    for each, item in value.items():
        found = named(each, subs(name))
        if found is not None:
            element[found] = None if item is None or item == "" else _checked(found, item)
    return element


def _role(value: Any) -> Any:
    """An app role as Entra writes it: JSON inside a string, `displayName` for `display` (§7)."""
    if not isinstance(value, dict):
        return value
    text = value.get("value")
    if isinstance(text, str) and text.startswith("{"):
        value = {**value, **json.loads(text)}
    role = {name: item for name, item in value.items() if name not in ("displayName", "id")}
    return {"display": value["displayName"], **role} if "displayName" in value else role


def _selected(
    before: list[Element],
    verb: str,
    name: str,
    where: tuple[str, Selects],
    sub: str | None,
    value: Any,
) -> list[Element]:
    """§3.5.2.1–3 with a value path: the values that match, or one sub-attribute of each."""
    text, selects = where
    matching = [element for element in before if selects(element)]
    clears = verb == "replace" and (value is None or value == "" or (value == [] and sub is None))
    if verb == "remove" or clears:
        if sub is None:
            return [element for element in before if element not in matching]
        for element in matching:
            element.pop(sub, None)
        return before
    if value == [] and sub is None:
        return before
    if verb == "add" and _is_blank(value):
        raise Refused("invalidValue")  # ADR 19: an add never removes
    given = {sub: _checked(sub, value)} if sub else _changes(name, value)
    if verb == "add":
        given = {each: item for each, item in given.items() if item is not None}
    if not given:
        raise Refused("invalidValue")
    if not matching:
        # The RFC says noTarget; Entra needs the element made (entra/README.md §0 line 12).
        described = described_by(text, name)
        if described is None:
            raise Refused("noTarget")
        made = {each: item for each, item in {**described, **given}.items() if item is not None}
        if not selects(made):
            raise Refused("invalidValue")  # its own path would never find it
        return [*before, made]
    for element in matching:
        # §3.5.2.3 has matching values replaced, but the members of a complex one replaced or added. The
        # server reads the second, as scim2-models does: what is not named stays.
        element.update(given)
        for cleared in [each for each, item in element.items() if item is None]:
            del element[cleared]
    return before
