"""Bearer tokens as text: made of random bits, found by prefix and digest, at one query at most."""

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from printmgmt.log_masking import OUR_TOKENS
from printmgmt.tokens.bearer import LONGEST, find_token, new_token
from scim_sync.credentials.tokens import MARK, mint_first_token
from scim_sync.models import ScimToken
from tests import factories


def by_prefix(prefix: str) -> ScimToken | None:
    return ScimToken.objects.filter(prefix=prefix).first()


def test_a_token_is_made_of_its_mark_and_random_digits_and_masked_in_logs() -> None:
    one, two = new_token("pmtest"), new_token("pmtest")

    assert re.fullmatch(r"pmtest_[0-9a-f]{12}_[0-9a-f]{64}", one.text)
    assert one.text.startswith(f"{one.prefix}_")
    assert len({one.text, two.text, one.prefix, two.prefix, one.digest, two.digest}) == 6
    assert OUR_TOKENS.sub("", one.text) == ""


@pytest.mark.django_db
def test_a_presented_token_is_found_by_all_of_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    text = mint_first_token(factories.installed(factories.organization("Contoso")), by=factories.TESTER)
    wrong = f"{text[:-1]}{'0' if text[-1] != '0' else '1'}"

    with django_assert_num_queries(2):
        found = [find_token(by_prefix, each, mark=MARK) for each in (text, wrong)]

    assert found == [ScimToken.objects.get(), None]


@pytest.mark.parametrize(
    "presented",
    [
        "",
        "x",
        "pmscim",
        "pmscim_1",
        "pmscim_1_2_3",
        "pmother_1_2",
        "pmscim_é_1",
        "pmscim_\x00_1",
        "pmscim_1_" + "a" * LONGEST,
    ],
)
def test_what_cannot_be_a_token_costs_no_query(presented: str) -> None:
    assert find_token(by_prefix, presented, mark=MARK) is None  # no database in this test
