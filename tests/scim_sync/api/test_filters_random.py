"""Random filters over every published attribute: the SQL finds whom plain Python finds in what is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from addons.models import Installation
from printmgmt.people.names import name_key
from scim_sync.adapters.columns import ResourceColumns, group_columns, user_columns
from scim_sync.adapters.reading_groups import groups_of
from scim_sync.adapters.reading_people import people_of
from scim_sync.protocol.attributes import GROUP, USER, Attribute, ResourceKind
from scim_sync.protocol.filters import filter_to_q
from scim_sync.protocol.sorting import order_by
from tests import proofs
from tests.scim_sync.awkward import TEXTS, Awkward, make_awkward
from tests.scim_sync.brute_force import Filter, Resource, in_order, matches, written
from tests.scim_sync.client import Scim

pytestmark = pytest.mark.both_databases


def prove(kind: ResourceKind, examine: Callable[[Filter], None], *, rounds: int, first: int) -> None:
    """Call ``examine`` with so many random filters, the same ones for the same ``first`` seed."""
    limits = settings(
        max_examples=rounds, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
    )
    limits(seed(first)(given(node=filters(kind))(examine)))()  # type: ignore[call-arg]


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


def filterable_attributes(kind: ResourceKind) -> list[Attribute]:
    return [attribute for attribute in kind.walk() if not attribute.write_only]


def texts_in(value: Any) -> set[str]:
    """Every text that is shown, whole and in parts."""
    if isinstance(value, dict):
        return set().union(*(texts_in(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(texts_in(item) for item in value))
    return {value, value[:2], value[-2:], value.swapcase()} if isinstance(value, str) else set()


@dataclass(frozen=True)
class Some:
    """A literal that stands for one of what an organization shows, which no strategy knows."""

    number: int
    type: str

    def among(self, resources: list[Resource]) -> str:
        if self.type == "dateTime":
            metas = [resource["meta"] for resource in resources]
            shown = {meta[name] for meta in metas for name in ("created", "lastModified")}
            near = {text.replace("Z", suffix) for text in shown for suffix in ("5Z", "+01:00", "")}
            pool = sorted({*shown, *near, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"})
        else:
            pool = sorted({"", *TEXTS, *texts_in(resources)})
        return pool[self.number % len(pool)]


def filled(node: Filter, resources: list[Resource]) -> Filter:
    """The filter with its literals."""
    return tuple(_filled(item, resources) for item in node)


def _filled(item: Any, resources: list[Resource]) -> Any:
    if isinstance(item, Some):
        return item.among(resources)
    return filled(item, resources) if isinstance(item, tuple) else item


def comparisons(path: str, attribute: Attribute) -> st.SearchStrategy[Filter]:
    null = st.tuples(st.sampled_from(["eq", "ne"]), st.just(path), st.none())
    present = st.tuples(st.just("pr"), st.just(path))
    value = attribute.sub("value") if attribute.complex else attribute
    if value is None:
        return null | present
    some = st.builds(Some, st.integers(0, 9999), st.just(value.type))
    literals: st.SearchStrategy[Any] = {
        "boolean": st.sampled_from([True, False, "True", "false"]),
        "dateTime": some,
    }.get(
        value.type,
        some | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=3),
    )
    operators = st.sampled_from(OPERATORS.get(value.type, ["eq", "ne", *TEXT, *ORDER]))
    comparison = st.tuples(operators, st.just(path), literals)
    return comparison | comparison | null | present


def joined(leaves: st.SearchStrategy[Filter], most: int) -> st.SearchStrategy[Filter]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.tuples(st.sampled_from(["and", "or"]), inner, inner) | st.tuples(st.just("not"), inner)
        ),
        max_leaves=most,
    )


def filters(kind: ResourceKind) -> st.SearchStrategy[Filter]:
    """Any filter over the attributes of a resource type; each attribute as likely as the others."""
    leaves: list[st.SearchStrategy[Filter]] = []
    for attribute in filterable_attributes(kind):
        leaf = comparisons(attribute.path, attribute)
        if attribute.multi_valued:
            subs = [comparisons(sub.name, sub) for sub in attribute.subs.values()]
            inner = joined(st.one_of(subs or [comparisons("value", attribute)]), most=4)
            leaf |= st.tuples(st.just("in"), st.just(attribute.path), inner)
        leaves.append(leaf)
    return joined(st.sampled_from(leaves).flatmap(lambda leaf: leaf), most=6)


def found(rows: QuerySet[Any], columns: ResourceColumns, node: Filter, kind: ResourceKind) -> set[str]:
    condition = filter_to_q(written(node), columns, comparison_key=name_key, kind=kind)
    return {str(pk) for pk in rows.filter(condition).values_list("pk", flat=True)}


@pytest.mark.rfc("7644", "3.4.2.2")
@pytest.mark.parametrize("rounds", proofs.rounds(100, proof=3000))
def test_a_filter_finds_the_people_python_finds(awkward: Awkward, rounds: int, seed: int) -> None:
    installation = awkward.installation

    def examine(node: Filter) -> None:
        node = filled(node, awkward.people)
        expected = {one["id"] for one in awkward.people if matches(one, node, USER)}
        shown = found(people_of(installation), user_columns(installation), node, USER)
        assert shown == expected, written(node)

    prove(USER, examine, rounds=rounds, first=seed)


@pytest.mark.rfc("7644", "3.4.2.2")
@pytest.mark.parametrize("rounds", proofs.rounds(100, proof=3000))
def test_a_filter_finds_the_groups_python_finds(awkward: Awkward, rounds: int, seed: int) -> None:
    installation = awkward.installation

    def examine(node: Filter) -> None:
        node = filled(node, awkward.groups)
        expected = {one["id"] for one in awkward.groups if matches(one, node, GROUP)}
        shown = found(groups_of(installation), group_columns(installation), node, GROUP)
        assert shown == expected, written(node)

    prove(GROUP, examine, rounds=rounds, first=seed)


def sortable(kind: ResourceKind) -> list[str]:
    return [a.path for a in filterable_attributes(kind) if not a.complex or a.sub("value") is not None]


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
