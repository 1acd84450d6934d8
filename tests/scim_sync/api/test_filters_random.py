"""Random filters over every published attribute: the SQL finds whom plain Python finds in what is shown."""

from typing import Any

import pytest
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addons.models import Installation
from printmgmt.people.names import name_key
from scim_sync.adapters.columns import ResourceColumns, group_columns, user_columns
from scim_sync.adapters.groups import groups_of
from scim_sync.adapters.users import people_of
from scim_sync.protocol.attributes import GROUP, USER, Attribute, ResourceKind
from scim_sync.protocol.filters import filter_to_q
from scim_sync.protocol.sorting import order_by
from tests.scim_sync.awkward import TEXTS, Awkward, make_awkward
from tests.scim_sync.brute_force import Filter, Resource, in_order, matches, written
from tests.scim_sync.client import Scim

pytestmark = pytest.mark.both_databases

# The people are made once a test, and no example changes them.
EXAMPLES = settings(
    max_examples=200,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ORDER = ["gt", "ge", "lt", "le"]
TEXT = ["co", "sw", "ew"]
OPERATORS = {"boolean": ["eq", "ne"], "dateTime": ["eq", "ne", *ORDER]}


@pytest.fixture(params=[1, 2])
def awkward(
    request: pytest.FixtureRequest, scim: Scim, other_scim: Scim, installation: Installation
) -> Awkward:
    """An organization, and beside it one with the same data."""
    other = Installation.objects.exclude(pk=installation.pk).get()
    make_awkward(other_scim, other, seed=request.param, people=6)
    return make_awkward(scim, installation, seed=request.param)


def asked_of(kind: ResourceKind) -> list[Attribute]:
    return [attribute for attribute in kind.walk() if not attribute.write_only]


def literals_in(value: Any) -> set[str]:
    """Every text that is shown, whole and in parts."""
    if isinstance(value, dict):
        return set().union(*(literals_in(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(literals_in(item) for item in value))
    return {value, value[:2], value[-2:], value.swapcase()} if isinstance(value, str) else set()


def operands(attribute: Attribute, resources: list[Resource]) -> st.SearchStrategy[Any]:
    if attribute.type == "boolean":
        return st.sampled_from([True, False, "True", "false"])
    if attribute.type == "dateTime":
        shown = [resource["meta"][name] for resource in resources for name in ("created", "lastModified")]
        near = [text.replace("Z", suffix) for text in shown[:4] for suffix in ("5Z", "+01:00", "")]
        return st.sampled_from([*shown, *near, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
    return st.sampled_from(sorted({"", *TEXTS, *literals_in(resources)})) | st.text(
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=3
    )


def comparison(draw: Any, path: str, attribute: Attribute, resources: list[Resource]) -> Filter:
    if draw(st.integers(0, 9)) == 0:
        return (draw(st.sampled_from(["eq", "ne"])), path, None)
    verb = draw(st.sampled_from(OPERATORS.get(attribute.type, ["eq", "ne", *TEXT, *ORDER])))
    return (verb, path, draw(operands(attribute, resources)))


@st.composite
def in_brackets(draw: Any, owner: Attribute, resources: list[Resource], depth: int = 2) -> Filter:
    kind = draw(st.sampled_from(["leaf", "leaf", "and", "or", "not"])) if depth else "leaf"
    inner = in_brackets(owner, resources, depth - 1)
    if kind == "not":
        return ("not", draw(inner))
    if kind != "leaf":
        return (kind, draw(inner), draw(inner))
    sub = draw(st.sampled_from([*owner.subs.values()] or [owner]))
    name = sub.name if owner.complex else "value"
    return ("pr", name) if draw(st.integers(0, 5)) == 0 else comparison(draw, name, sub, resources)


@st.composite
def filters(draw: Any, kind: ResourceKind, resources: list[Resource], depth: int = 3) -> Filter:
    joined = draw(st.sampled_from(["leaf", "and", "or", "not"])) if depth else "leaf"
    inner = filters(kind, resources, depth - 1)
    if joined == "not":
        return ("not", draw(inner))
    if joined != "leaf":
        return (joined, draw(inner), draw(inner))
    attribute = draw(st.sampled_from(asked_of(kind)))
    if attribute.multi_valued and draw(st.booleans()):
        return ("in", attribute.path, draw(in_brackets(attribute, resources)))
    value = attribute.sub("value") if attribute.complex else attribute
    if draw(st.integers(0, 5)) == 0:
        return ("pr", attribute.path)
    if value is None:
        return (draw(st.sampled_from(["eq", "ne"])), attribute.path, None)
    return comparison(draw, attribute.path, value, resources)


def found(rows: QuerySet[Any], columns: ResourceColumns, node: Filter, kind: ResourceKind) -> set[str]:
    condition = filter_to_q(written(node), columns, comparison_key=name_key, kind=kind)
    return {str(pk) for pk in rows.filter(condition).values_list("pk", flat=True)}


def check(data: st.DataObject, awkward: Awkward, kind: ResourceKind) -> None:
    installation = awkward.installation
    if kind is USER:
        resources, rows, columns = awkward.people, people_of(installation), user_columns(installation)
    else:
        resources, rows, columns = awkward.groups, groups_of(installation), group_columns(installation)  # type: ignore[assignment]
    node = data.draw(filters(kind, resources))
    expected = {resource["id"] for resource in resources if matches(resource, node, kind)}
    assert found(rows, columns, node, kind) == expected, written(node)


@pytest.mark.rfc("7644", "3.4.2.2")
@EXAMPLES
@given(data=st.data())
def test_a_filter_finds_the_people_python_finds(awkward: Awkward, data: st.DataObject) -> None:
    check(data, awkward, USER)


@pytest.mark.rfc("7644", "3.4.2.2")
@EXAMPLES
@given(data=st.data())
def test_a_filter_finds_the_groups_python_finds(awkward: Awkward, data: st.DataObject) -> None:
    check(data, awkward, GROUP)


def sortable(kind: ResourceKind) -> list[str]:
    return [a.path for a in asked_of(kind) if not a.complex or a.sub("value") is not None]


@pytest.mark.rfc("7644", "3.4.2.3")
def test_people_and_groups_are_sorted_as_python_sorts_them(awkward: Awkward) -> None:
    installation = awkward.installation
    for kind, resources, rows, columns in (
        (USER, awkward.people, people_of(installation), user_columns(installation)),
        (GROUP, awkward.groups, groups_of(installation), group_columns(installation)),
    ):
        for path in sortable(kind):
            for order in ("ascending", "descending"):
                ordered = rows.order_by(*order_by(path, order, columns, kind=kind))  # type: ignore[attr-defined]
                expected = in_order(resources, path, kind, descending=order == "descending")
                shown = [str(pk) for pk in ordered.values_list("pk", flat=True)]
                assert shown == [resource["id"] for resource in expected], (path, order)
