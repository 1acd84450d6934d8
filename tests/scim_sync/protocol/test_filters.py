"""Filters that are refused, with a reason; nothing a client writes becomes a lookup path."""

import uuid

import pytest
from django.db.models import Q

from addons.models import Installation
from scim_sync.adapters.columns import user_columns
from scim_sync.protocol.entra import quote_literals
from scim_sync.protocol.errors import InvalidFilter
from scim_sync.protocol.filters import filter_to_q
from tests.scim_sync.protocol.helpers import PRINTMGMT, comparison_key

COLUMNS = user_columns(Installation(pk=uuid.UUID(int=1), slug="azure-ad-user-sync"))


def to_q(expression: str) -> Q:
    return filter_to_q(expression, COLUMNS, comparison_key=comparison_key)


@pytest.mark.parametrize(
    "expression",
    [
        'userName eq "a eq b"',
        r'userName eq "x\" and id eq y"',
        "active eq true",
        'title eq "eq eq x"',
        "userName pr",
        "userName eq \"'a'\"",
        'userName eq "“a”"',
    ],
)
def test_quoting_leaves_well_formed_filters_alone(expression):
    assert quote_literals(expression) == expression


@pytest.mark.rfc("7644", "3.12")
@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ('userName[value eq "x"]', "userName"),
        ('nosuch eq "x"', "User has no attribute 'nosuch'"),
        ('password eq "x"', "User has no attribute 'password'"),
        ('organization_id eq "x"', "User has no attribute"),
        ('pk__in eq "x"', "User has no attribute"),
        ('_connector eq "x"', "invalid syntax"),
        ('urn:x:User:userName eq "x"', "User has no attribute"),
        ('active eq "perhaps"', "active"),
        ("active gt true", "active"),
        ("meta.created gt true", "meta.created"),
        ('meta.created gt "soon"', "meta.created"),
        ("name gt 5", "name"),
        ("userName eq true", "userName"),
        (r'userName eq "a\u0000b"', "NUL"),
        (r'userName eq "\ud800"', "surrogate"),
        ("userName eq", "invalid syntax"),
        ('userName eq "', "invalid syntax"),
        ("", "invalid syntax"),
        ("userName", "invalid syntax"),
        ('userName eq "a" and', "invalid syntax"),
        ('userName == "a"', "invalid syntax"),
        ("userName eq 'a'", "straight double quotes"),
        ("userName eq ‘a’", "straight double quotes"),
        ("userName eq “a”", "straight double quotes"),
        ("emails[type eq `work`]", "straight double quotes"),
        ('title pr and not (userName co "a" or userName sw «a»)', "straight double quotes"),
        ("userName eq 'a b'", "straight double quotes"),
        ("\x00", "NUL"),
        ('userName eq "\ud800"', "surrogate"),
    ],
)
def test_everything_else_is_invalid_filter_saying_what(expression, named):
    with pytest.raises(InvalidFilter) as caught:
        to_q(expression)
    assert named in caught.value.detail
    assert (caught.value.status, caught.value.scim_type) == (400, "invalidFilter")


@pytest.mark.parametrize(
    "expression",
    [f'{PRINTMGMT}:pin eq "s3cret"', f'{PRINTMGMT}:cardNumber eq "s3cret"', 'password eq "s3cret"'],
)
def test_secrets_cannot_be_asked_for_and_are_not_repeated(expression):
    with pytest.raises(InvalidFilter) as caught:
        to_q(expression)
    assert "s3cret" not in caught.value.detail


def test_unmapped_operand_beside_a_mapped_one_is_refused_not_dropped():
    with pytest.raises(InvalidFilter):
        to_q('userName eq "a" or nosuch eq "b"')


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "expression",
    [
        "(" * 1400 + 'userName eq "a"' + ")" * 1400,
        "not (" * 400 + 'userName eq "a"' + ")" * 400,
        "(" * 33 + 'userName eq "a"' + ")" * 33,
        "(" * 4000,
        "[" * 4000,
        " or ".join(['id eq "x"'] * 101),
        " and ".join(["active eq true"] * 101),
        'userName eq "' + "x" * 5000 + '"',
        'userName eq "' + "é" * 2100 + '"',
        '"' * 4096,
        " eq " * 1000,
        '\\"' * 2000,
    ],
    ids=lambda expression: expression[:20],
)
def test_oversized_filters_are_refused(expression):
    with pytest.raises(InvalidFilter):
        to_q(expression)


def test_filters_at_the_limits_are_read():
    assert to_q(" or ".join(['userName eq "a"'] * 100))
    assert to_q("(" * 32 + 'userName eq "a"' + ")" * 32)
    assert to_q("not (" * 31 + 'userName eq "a"' + ")" * 31)


def test_parentheses_inside_a_literal_do_not_count():
    assert to_q('userName eq "' + "(" * 500 + '"')
