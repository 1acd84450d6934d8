"""PATCH paths that select from a list, `emails[type eq "work"].value`: checks, parses, normalizes them."""

from dataclasses import replace
from typing import Final

from scim2_models import InvalidPathException, Path
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    Not,
    PathNode,
    Present,
)

from scim_sync.protocol import entra
from scim_sync.protocol.attributes import Attribute, ResourceKind
from scim_sync.protocol.errors import InvalidPath, shown, without_literals
from scim_sync.protocol.limits import MAX_NESTING, MAX_PATH_BYTES, measure_expression

_EQUALITY: Final = frozenset({CompareOperator.eq, CompareOperator.ne})


def parse_path(path: str) -> PathNode | None:
    """Return the syntax tree of a path. Limits the depth before parsing, because the parser recurses."""
    nesting, _ = measure_expression(path)
    if len(path.encode()) > MAX_PATH_BYTES or nesting > MAX_NESTING:
        limits = f"longer than {MAX_PATH_BYTES} bytes or nested deeper than {MAX_NESTING}"
        raise InvalidPath(f"path {shown(without_literals(path))}: {limits}")
    try:
        return Path(entra.quote_literals(path.strip())).ast
    except entra.Misquoted as exc:
        raise InvalidPath(f"path {shown(without_literals(path))}: {exc}") from None
    except InvalidPathException as exc:
        raise InvalidPath(f"path {shown(without_literals(path))}: {exc.detail}") from None


def check_name(kind: ResourceKind, path: str) -> None:
    """Raise InvalidPath if one of our URNs is followed by anything but a colon: `urn:…:User.department`.

    The parser would read an attribute of an unknown schema, which would be ignored.
    """
    lowered = path.strip().lower()
    for urn in (kind.schema.lower(), *kind.extensions, *entra.MISSPELT_URNS):
        after = lowered[len(urn) : len(urn) + 1]
        if lowered.startswith(urn) and after and after != ":" and not after.isalnum():
            raise InvalidPath(
                f"path {shown(without_literals(path))}: a colon separates a schema and its attribute"
            )


def plain_selector(attribute: Attribute, node: FilterNode) -> FilterNode | None:
    """Return the filter with canonical names and real booleans; None if it has an unknown name."""
    if isinstance(node, Not):
        inner = plain_selector(attribute, node.expr)
        return None if inner is None else Not(inner)
    if isinstance(node, LogicalExpr):
        terms = [plain_selector(attribute, term) for term in node.terms]
        known = tuple(term for term in terms if term is not None)
        return replace(node, terms=known) if len(known) == len(terms) else None
    if not isinstance(node, Comparison | Present) or node.attr_path.uri or node.attr_path.sub_attr:
        return None
    sub = attribute.sub(node.attr_path.attr)
    if sub is None:
        return None
    if isinstance(node, Present):
        return Present(AttrPath(sub.name))
    value = entra.as_boolean(node.value) if sub.type == "boolean" else node.value
    _check_literal(sub, value)
    if value is False and node.op in _EQUALITY:  # RFC 7643 §2.4: a missing `primary` is false
        is_true = Comparison(AttrPath(sub.name), CompareOperator.eq, True)
        return is_true if node.op == CompareOperator.ne else Not(is_true)
    return Comparison(AttrPath(sub.name), node.op, value)


def _check_literal(sub: Attribute, value: object) -> None:
    """Refuse literals of the wrong type, and "", which every text contains."""
    if value is None:
        return
    if not isinstance(value, bool if sub.type == "boolean" else str):
        raise InvalidPath(f"path: {sub.path} is a {sub.type}, and compared with none")
    if value == "":
        raise InvalidPath(f"path: {sub.path} is compared with an empty text, which selects nothing")
