"""Filters become Q over a table, or invalidFilter; nothing a client writes becomes a lookup path."""

import time
import uuid

import pytest
from django.db.models import Q

from scim_sync.protocol.entra import quote_literals
from scim_sync.protocol.errors import InvalidFilter
from scim_sync.protocol.filters import Column, Kind, filter_to_q
from tests.scim_sync.protocol.helpers import CORE, ENTERPRISE, PRINTMGMT, comparison_key

ID = "6f1c7f5e-3c53-4d0a-9b7e-0d6a3c1f2b4d"
NOTHING = Q(pk__in=[])
COLUMNS = {
    "username": Column("user_name_key"),
    "displayname": Column("display_name_key"),
    "externalid": Column("link__external_id", case_exact=True),
    "id": Column("pk", Kind.UUID),
    "active": Column("active", Kind.BOOLEAN),
    "emails.value": Column("email_key"),
    'emails[type eq "work"].value': Column("work_email_key"),
    f"{ENTERPRISE}:manager.value".lower(): Column("link__manager", case_exact=True),
}


def to_q(expression: str) -> Q:
    return filter_to_q(expression, COLUMNS, comparison_key=comparison_key)


@pytest.mark.rfc("7644", "3.4.2.2")
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('userName eq "ada@contoso.com"', Q(user_name_key="ada@contoso.com")),
        ('userName eq "ADA@Contoso.com"', Q(user_name_key="ada@contoso.com")),
        ('USERNAME EQ "ada"', Q(user_name_key="ada")),
        (f'{CORE}:userName eq "ada"', Q(user_name_key="ada")),
        ('userName eq "Straße ＡＢ"', Q(user_name_key="strasse ab")),
        (r'userName eq "a\"b\\c\u00e9"', Q(user_name_key='a"b\\cé')),
        ('userName eq "100%_\' -- ;"', Q(user_name_key="100%_' -- ;")),
        ('displayName eq "Print Admins"', Q(display_name_key="print admins")),
        ('externalId eq "Ada"', Q(link__external_id="Ada")),
        (f'id eq "{ID}"', Q(pk=uuid.UUID(ID))),
        (f'id eq "{ID.upper()}"', Q(pk=uuid.UUID(ID))),
        ("active eq true", Q(active=True)),
        ('active eq "False"', Q(active=False)),
        ('emails.value eq "X@y.z"', Q(email_key="x@y.z")),
        ('emails eq "x"', Q(email_key="x")),
        ('emails[value eq "x"]', Q(email_key="x")),
        ('emails[type eq "work"].value eq "X"', Q(work_email_key="x")),
        ('EMAILS[Type eq "Work"].Value eq "X"', Q(work_email_key="x")),
        ('emails[type eq "work" and value eq "x"]', Q(work_email_key="x")),
        ('emails[value eq "x" and type eq "work"]', Q(work_email_key="x")),
        (f'{CORE}:emails[type eq "work"].value eq "x"', Q(work_email_key="x")),
        (f'{ENTERPRISE}:manager.value eq "{ID}"', Q(link__manager=ID)),
        (f'{ENTERPRISE}:manager eq "{ID}"', Q(link__manager=ID)),
        (f'manager eq "{ID}"', Q(link__manager=ID)),
    ],
)
def test_equality_becomes_a_lookup_on_its_column(expression, expected):
    assert to_q(expression) == expected


@pytest.mark.parametrize(
    "value", ["not-a-uuid", "1", "", "{" + ID + "}", ID.replace("-", ""), f"urn:uuid:{ID}"]
)
def test_id_that_is_no_uuid_matches_nothing(value):
    assert to_q(f'id eq "{value}"') == NOTHING


@pytest.mark.rfc("7644", "3.4.2.2")
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            f'id eq "{ID}" and manager eq "{ID}"',
            Q(Q(pk=uuid.UUID(ID)), Q(link__manager=ID)),
        ),
        (
            'userName eq "a" and active eq true or displayName eq "b"',
            Q(Q(Q(user_name_key="a"), Q(active=True)), Q(display_name_key="b"), _connector=Q.OR),
        ),
        (
            'userName eq "a" and (active eq true or displayName eq "b")',
            Q(Q(user_name_key="a"), Q(Q(active=True), Q(display_name_key="b"), _connector=Q.OR)),
        ),
        ('not (externalId eq "x")', ~Q(link__external_id="x")),
    ],
)
def test_expressions_are_joined_with_the_precedence_of_the_rfc(expression, expected):
    assert to_q(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("externalId eq jyoung", Q(link__external_id="jyoung")),
        ("externalId eq 00042", Q(link__external_id="00042")),
        ("userName eq ada@contoso.com", Q(user_name_key="ada@contoso.com")),
        ("userName eq a\\b and active eq true", Q(Q(user_name_key="a\\b"), Q(active=True))),
        ("(externalId eq jyoung)", Q(link__external_id="jyoung")),
        ("emails[type eq work].value eq x", Q(work_email_key="x")),
    ],
)
def test_entra_may_leave_the_quotes_out(expression, expected):
    assert to_q(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        'userName eq "a eq b"',
        r'userName eq "x\" and id eq y"',
        "active eq true",
        'title eq "eq eq x"',
        "userName pr",
    ],
)
def test_quoting_leaves_well_formed_filters_alone(expression):
    assert quote_literals(expression) == expression


@pytest.mark.rfc("7644", "3.12")
@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ('title eq "x"', "title is not filterable here yet"),
        ('userName sw "a"', "userName sw is not filterable here yet"),
        ('userName co "%"', "userName co is not"),
        ('userName ne "a"', "userName ne is not"),
        ("userName pr", "userName pr is not"),
        ('emails.type eq "work"', "emails.type is not"),
        ('emails[type eq "home"].value eq "x"', "emails[…] is not"),
        ('emails[type eq "work"]', "emails[…] is not"),
        ('emails[not (type eq "work")]', "emails[…] is not"),
        ('emails[type eq "work" or value eq "x"]', "emails[…] is not"),
        ('emails[value co "x"]', "emails[…] is not"),
        ('userName[value eq "x"]', "userName"),
        ('nosuch eq "x"', "User has no attribute 'nosuch'"),
        ('password eq "x"', "User has no attribute 'password'"),
        ('organization_id eq "x"', "User has no attribute"),
        ('pk__in eq "x"', "User has no attribute"),
        ('_connector eq "x"', "invalid syntax"),
        ('urn:x:User:userName eq "x"', "User has no attribute"),
        ('active eq "perhaps"', "active"),
        ("active gt true", "active"),
        ("active eq null", "compared with true or false, not null"),
        ("userName eq null", "compared with text, not null"),
        ("userName eq true", "userName"),
        (r'userName eq "a\u0000b"', "NUL"),
        (r'userName eq "\ud800"', "surrogate"),
        ("userName eq", "invalid syntax"),
        ('userName eq "', "invalid syntax"),
        ("", "invalid syntax"),
        ("userName", "invalid syntax"),
        ('userName eq "a" and', "invalid syntax"),
        ('userName == "a"', "invalid syntax"),
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
def test_oversized_filters_are_refused_fast(expression):
    started = time.monotonic()
    with pytest.raises(InvalidFilter):
        to_q(expression)
    assert time.monotonic() - started < 1


def test_filters_at_the_limits_are_read():
    assert to_q(" or ".join(['userName eq "a"'] * 100))
    assert to_q("(" * 32 + 'userName eq "a"' + ")" * 32) == Q(user_name_key="a")
    assert to_q("not (" * 31 + 'userName eq "a"' + ")" * 31)


def test_parentheses_inside_a_literal_do_not_count():
    assert to_q('userName eq "' + "(" * 500 + '"') == Q(user_name_key="(" * 500)
