"""An access token for a client secret, and what ends it."""

import pytest

from scim_sync.models import ScimToken
from tests.scim_sync.oauth.client import TokenClient, basic

pytestmark = pytest.mark.both_databases


def test_a_client_gets_a_token_for_an_hour_and_calls_scim_with_it(oauth: TokenClient) -> None:
    answer = oauth.ask()

    assert answer.status == 200
    assert set(answer.body) == {"access_token", "token_type", "expires_in", "scope"}
    assert (answer.body["token_type"], answer.body["expires_in"]) == ("Bearer", 3600)
    assert oauth.scim(answer.token).get("/Users").status == 200
    assert answer.token not in str(list(ScimToken.objects.values()))


@pytest.mark.parametrize("scope", ["", "x", "https://graph.microsoft.com/.default", "a b c"])
def test_any_scope_is_taken(oauth: TokenClient, scope: str) -> None:
    assert oauth.ask(scope=scope).body["scope"] == "scim"


def test_id_and_secret_may_come_as_basic_or_in_both_places(oauth: TokenClient) -> None:
    assert oauth.ask_by_basic().status == 200
    assert oauth.ask_by_basic(oauth.form()).status == 200
    assert oauth.ask_by_basic(oauth.form(client_secret="")).status == 200


def test_two_places_that_differ_are_refused(oauth: TokenClient) -> None:
    assert oauth.ask_by_basic(oauth.form(client_id="x")).error == (401, "invalid_client")
    assert oauth.ask_by_basic(oauth.form(client_secret="x")).error == (401, "invalid_client")
    wrong = basic(oauth.client_id, "x")
    assert oauth.send(oauth.form(), Authorization=wrong).error == (401, "invalid_client")
