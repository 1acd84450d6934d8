"""The service connects with client credentials: a token first, another one before it ends or after a 401."""

import pytest
from django.conf import settings

from addons.models import Installation
from scim_sync.credentials.clients import switch_off, switch_on
from scim_sync.models import Contact, ScimClient, ScimToken
from scim_sync.rehearsal import signing_in
from scim_sync.rehearsal.answers import Failure
from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import Directory
from scim_sync.rehearsal.job import Job
from scim_sync.rehearsal.log import Outcome
from scim_sync.rehearsal.signing_in import ClientCredentials
from tests.factories import TESTER
from tests.scim_sync.oauth.client import TokenClient


def credentials_of(oauth: TokenClient) -> ClientCredentials:
    return ClientCredentials(f"{settings.PUBLIC_URL}{oauth.path}", oauth.client_id, oauth.secret)


def tenant_url(oauth: TokenClient) -> str:
    return f"{settings.PUBLIC_URL}/scim/v2/{oauth.installation.pk}"


@pytest.fixture
def http_oauth(server: object, installation: Installation) -> TokenClient:
    return TokenClient.of(installation, over_http=True)


def test_a_whole_cycle_needs_one_access_token_and_turns_the_connection_green(
    http_oauth: TokenClient, directory: Directory
) -> None:
    sign_in = credentials_of(http_oauth)
    with Client(tenant_url(http_oauth), sign_in) as client:
        job = Job(directory, client)
        job.test_connection()
        assert Contact.objects.filter(installation=http_oauth.installation).exists()
        job.initial_cycle()

    assert job.log.counts(1) == {Outcome.CREATED: 1}
    assert sign_in.asked == 1
    assert list(ScimToken.objects.values_list("kind", flat=True)) == ["access"]


def test_an_access_token_is_renewed_before_it_ends(
    http_oauth: TokenClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(signing_in.time, "monotonic", lambda: now[0])
    sign_in = credentials_of(http_oauth)
    first = sign_in.token()

    now[0] += 3600 - signing_in.EARLY - 1
    assert sign_in.token() == first
    now[0] += 2
    assert sign_in.token() != first


def test_after_a_401_the_service_asks_again_and_goes_on(http_oauth: TokenClient) -> None:
    sign_in = credentials_of(http_oauth)
    with Client(tenant_url(http_oauth), sign_in) as client:
        client.create_user({"schemas": ["x"], "userName": "ada"})
        ours = ScimClient.objects.select_related("installation__organization").get()
        switch_off(ours, by=TESTER)
        with pytest.raises(Failure, match="InvalidCredentials: 401 of the token endpoint: invalid_client"):
            client.find_users({"userName": "ada"})
        switch_on(ours, by=TESTER)

        assert len(client.find_users({"userName": "ada"})) == 1


def test_a_token_endpoint_that_is_none_is_a_failure(http_oauth: TokenClient) -> None:
    page = ClientCredentials(f"{settings.PUBLIC_URL}/healthz", "x", "y")
    nobody = ClientCredentials("http://127.0.0.1:9/token", "x", "y")

    with pytest.raises(Failure):
        page.token()
    with pytest.raises(Failure, match="WebExceptionProtocolError"):
        nobody.token()
