"""A filter that is accepted is answered, also by SQLite, whose parser ends where PostgreSQL's does not."""

import pytest

from tests.scim_sync.client import Scim

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.rfc("7644", "3.4.2.2")]

TERMS = ['title eq "boss"', 'emails[type eq "work" and value co "@"]', "addresses pr", 'groups.value eq "x"']


def negated(term: str, depth: int) -> str:
    return "not (" * depth + term + ")" * depth


def chain(term: str, other: str, depth: int, *, word: str = "") -> str:
    """``term`` inside `depth` brackets, each joined to ``other``; with ``word`` not, each denied."""
    for level in range(depth):
        term = f"{word}({term} {'and' if level % 2 else 'or'} {other})"
    return term


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("path", ["/Users", "/"])
def test_denials_inside_denials_are_answered(scim: Scim, term: str, path: str) -> None:
    scim.create("boss", title="Boss", emails=[{"type": "work", "value": "b@x"}])
    scim.create("ada", title="Clerk")
    depth = 31 if "[" not in term else 29

    even = scim.find(negated(term, depth - depth % 2), path)
    odd = scim.find(negated(term, depth - 1 + depth % 2), path)

    assert even.status == odd.status == 200
    assert even.body["totalResults"] == scim.find(term, path).body["totalResults"]
    assert even.body["totalResults"] + odd.body["totalResults"] == 2


@pytest.mark.parametrize("term", TERMS)
def test_brackets_inside_brackets_are_answered(scim: Scim, term: str) -> None:
    scim.create("boss", title="Boss")

    for expression in (
        chain(term, "title pr", 15, word="not "),
        chain(f"not ({term})", 'not (title eq "x")', 28),
    ):
        assert scim.find(expression).status == 200
        assert scim.find(expression, "/").status == 200


@pytest.mark.parametrize("attribute", ["emails", "groups"])
def test_a_selection_may_be_as_deep(scim: Scim, attribute: str) -> None:
    scim.create("boss", emails=[{"type": "work", "value": "b@x"}])
    term = 'type eq "work"'

    for inner in (
        negated(term, 30),
        chain(term, "value pr", 14, word="not "),
        chain(f"not ({term})", "type pr", 28),
    ):
        answer = scim.find(f"{attribute}[{inner}]")
        assert answer.status == 200, inner
    assert scim.find(f"emails[{negated(term, 30)}]").found == ["boss"]
    assert scim.find(f"emails[{negated(term, 29)}]").found == []
