"""The service connects by federation: assertions of a tenant whose keys a server of its own publishes."""

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from addons.models import Installation
from scim_sync.federation.trusts import end_trust
from scim_sync.models import Contact, FederatedTrust, ScimToken
from scim_sync.rehearsal.answers import Failure
from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import Directory
from scim_sync.rehearsal.job import Job
from scim_sync.rehearsal.log import Outcome
from scim_sync.rehearsal.signing_in import Federation
from tests import factories
from tests.scim_sync.federation.entra import Signer, claims_at
from tests.scim_sync.federation.fixtures import key_server, running_key_server, signer, trust
from tests.scim_sync.federation.key_server import KeyServer

__all__ = ["key_server", "running_key_server", "signer", "trust"]

TENANT_URL, TOKEN_ENDPOINT = "{}/scim/v2/{}", "{}/oauth/{}/token"


def test_a_cycle_by_federation_until_it_is_switched_off(
    live_server: LiveServer,
    installation: Installation,
    trust: FederatedTrust,
    key_server: KeyServer,
    signer: Signer,
    directory: Directory,
) -> None:
    sign_in = Federation(
        TOKEN_ENDPOINT.format(live_server.url, installation.pk),
        str(trust.pk),
        lambda: signer.sign(claims_at(timezone.now())),
    )
    with Client(TENANT_URL.format(live_server.url, installation.pk), sign_in) as client:
        job = Job(directory, client)
        job.test_connection()
        assert Contact.objects.filter(installation=installation).exists()
        job.initial_cycle()
        end_trust(trust, by=factories.TESTER)
        with pytest.raises(Failure, match="InvalidCredentials: 401 of the token endpoint: invalid_client"):
            client.find_users({"userName": "ada"})

    assert job.log.counts(1) == {Outcome.CREATED: 1}
    assert list(ScimToken.objects.values_list("kind", "trust")) == [("access", trust.pk)]
    assert len(key_server.asked) == 1
