"""Switching off while a token is given, and many who want keys at once, on a database that locks rows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from scim_sync.credentials.access_tokens import give_access_token
from scim_sync.credentials.refusals import ClientRefused
from scim_sync.federation.exceptions import AssertionRefused
from scim_sync.federation.issuers import read_issuer
from scim_sync.federation.keys import PAUSE, key_of
from scim_sync.federation.trusts import end_trust
from scim_sync.models import FederatedTrust, ScimToken
from scim_sync.oauth.federation import AssertionHolder
from tests import factories
from tests.printmgmt.console.groups.test_races import overtaken
from tests.scim_sync.federation.entra import ISSUER, Signer
from tests.scim_sync.federation.key_server import KeyServer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="races are proven on PostgreSQL"),
]

ASKING = 12


def switch_off(trust: FederatedTrust) -> None:
    end_trust(
        FederatedTrust.objects.select_related("installation__organization").get(pk=trust.pk),
        by=factories.TESTER,
    )


def give(trust: FederatedTrust) -> None:
    now = timezone.now()
    give_access_token(AssertionHolder(trust, now + timedelta(hours=1)), now=now, address=None)


def test_switching_off_waits_for_a_token_that_is_given_and_ends_it(trust: FederatedTrust) -> None:
    overtaken(lambda: switch_off(trust), by=lambda: give(trust))

    assert ScimToken.objects.get().revoked_at is not None


def test_a_token_that_waits_for_the_switching_off_is_not_given(trust: FederatedTrust) -> None:
    refused = []

    def try_to_give() -> None:
        try:
            give(trust)
        except ClientRefused as error:
            refused.append(error)

    overtaken(try_to_give, by=lambda: switch_off(trust))

    assert len(refused) == 1
    assert ScimToken.objects.count() == 0


@pytest.mark.parametrize("before", [True, False], ids=["keys known", "nothing known"])
def test_many_unknown_keys_at_once_are_one_question(
    db: None, key_server: KeyServer, signer: Signer, before: bool
) -> None:
    issuer, now = read_issuer(ISSUER), timezone.now()
    if before:
        key_of(issuer, signer.kid, now=now)
        now += PAUSE

    def ask(number: int) -> int:
        try:
            key_of(issuer, f"random-{number}", now=now)
        except AssertionRefused:
            return 1
        finally:
            connection.close()
        return 0

    with ThreadPoolExecutor(ASKING) as pool:
        refused = sum(pool.map(ask, range(ASKING)))

    assert refused == ASKING
    assert len(key_server.asked) == (2 if before else 1)
