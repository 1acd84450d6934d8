"""Request bodies: POST of a new user and PATCH of differences, before and after `aadOptscim062020`."""

from dataclasses import dataclass
from typing import Any, Literal

from scim_sync.rehearsal.directory import User
from scim_sync.rehearsal.mappings import Mapping
from scim_sync.rehearsal.targets import CORE_USER, ENTERPRISE_USER, Target

Verb = Literal["Add", "Replace"]

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass(frozen=True)
class Difference:
    """One attribute to send: `verb` is Add where the target was empty, Replace where it had a value."""

    verb: Verb
    target: Target
    value: str


def post(user: User, mapping: Mapping) -> dict[str, Any]:
    """Return the body of a create: all values that are not empty. References are sent later."""
    body: dict[str, Any] = {"schemas": [CORE_USER, ENTERPRISE_USER]}
    for attribute in mapping.values:
        if value := attribute.source(user):
            attribute.target.place(body, value == "True" if attribute is mapping.active else value)
    return {**body, "meta": {"resourceType": "User"}, "roles": []}


def patch(differences: list[Difference], *, flag: bool) -> dict[str, Any]:
    """Return the body of an update; `flag` chooses the form that `aadOptscim062020` turns on."""
    operations = folded(differences) if flag else verbose(differences)
    return {"schemas": [PATCH_OP], "Operations": operations}


def verbose(differences: list[Difference]) -> list[dict[str, Any]]:
    """Return one operation per attribute, in PascalCase. Booleans are sent as text."""
    return [{"op": d.verb, "path": d.target.path, "value": d.value} for d in differences]


def folded(differences: list[Difference]) -> list[dict[str, Any]]:
    """Return operations, lower case, real booleans: one per verb, but filtered paths and references alone."""
    operations: list[dict[str, Any]] = []
    rest: dict[str, dict[str, Any]] = {}
    for d in differences:
        value = d.value == "True" if d.target.path == "active" else d.value
        # A lone attribute keeps its path, as in the article's samples.
        if d.target.filter_by or len(differences) == 1:
            operations.append({"op": d.verb.lower(), "path": d.target.path, "value": value})
        else:
            rest.setdefault(d.verb.lower(), {})[d.target.path] = value
    # In recorded requests `replace` comes before `add`.
    return operations + [{"op": verb, "value": rest[verb]} for verb in sorted(rest, reverse=True)]
