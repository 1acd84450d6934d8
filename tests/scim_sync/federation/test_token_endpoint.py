"""Access tokens for assertions, at the endpoint: the caller is told nothing, the administrator everything."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import pause, resume, uninstall
from scim_sync.federation.trusts import change_trust, end_trust
from scim_sync.models import FederatedTrust, ProvisioningEvent, ScimToken, TrustRefusal
from scim_sync.oauth.throttling import BY_CLIENT_AND_ADDRESS, GIVEN
from scim_sync.provisioning_log.reasons import Reason
from tests import factories
from tests.scim_sync.conftest import the_installation, the_organization
from tests.scim_sync.federation.client import Federated
from tests.scim_sync.federation.entra import OTHER_TENANT, PASTED, Signer, claims_at
from tests.scim_sync.federation.key_server import KeyServer
from tests.scim_sync.kept_log import kept_log
from tests.scim_sync.oauth.client import TokenClient, basic

pytestmark = pytest.mark.django_db

REFUSED = (401, "invalid_client")


@pytest.fixture
def entra(installation: Installation, trust: FederatedTrust, signer: Signer) -> Federated:
    client = Federated(installation, str(trust.pk), "")
    client.signer = signer
    return client


@pytest.mark.both_databases
@pytest.mark.parametrize("client_id", ["as the console shows it", ""])
def test_an_assertion_gets_a_token_for_an_hour_that_calls_scim(entra: Federated, client_id: str) -> None:
    form = entra.form() if client_id else entra.form(client_id="")

    answer = entra.send(form)

    assert answer.status == 200
    assert set(answer.body) == {"access_token", "token_type", "expires_in", "scope"}
    assert (answer.body["token_type"], answer.body["expires_in"]) == ("Bearer", 3600)
    assert entra.scim(answer.token).get("/Users").status == 200
    assert answer.token not in str(list(ScimToken.objects.values()))


def test_using_the_access_token_is_using_the_trust(entra: Federated, trust: FederatedTrust) -> None:
    scim = entra.scim()
    trust.refresh_from_db()
    assert trust.accepted_at == trust.last_used_at
    FederatedTrust.objects.update(last_used_at=None, last_used_address=None)

    scim.get("/Users")

    used = FederatedTrust.objects.get()
    assert used.last_used_at is not None
    assert used.last_used_address == "127.0.0.1"
    assert used.accepted_at == trust.accepted_at
    assert str(trust.access_tokens.get()) == trust.subject


def test_a_token_ends_at_most_an_hour_after_its_assertion(entra: Federated, trust: FederatedTrust) -> None:
    seconds = int(timezone.now().timestamp())
    nearly_over = entra.assertion(iat=seconds - 3600, nbf=seconds - 3600, exp=seconds - 30)

    answer = entra.ask(client_assertion=nearly_over)

    assert 3500 < answer.body["expires_in"] <= 3570
    token = trust.access_tokens.get()
    assert token.expires_at.timestamp() == seconds - 30 + 3600
    ScimToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert entra.scim(answer.token).get("/Users").status == 401


def test_a_replayed_assertion_gets_a_token_that_ends_no_later(
    entra: Federated, trust: FederatedTrust
) -> None:
    form = entra.form()

    first, second = entra.send(form), entra.send(form)

    assert first.token != second.token
    assert len(set(trust.access_tokens.values_list("expires_at", flat=True))) == 2  # an hour from each
    end_trust(trust, by=factories.TESTER)
    assert {entra.scim(answer.token).get("/Users").status for answer in (first, second)} == {401}
    assert entra.send(form).error == REFUSED


def test_switching_off_ends_the_tokens_at_once(entra: Federated, trust: FederatedTrust) -> None:
    scim = entra.scim()
    assert scim.get("/Users").status == 200

    end_trust(trust, by=factories.TESTER)

    assert scim.get("/Users").status == 401
    assert entra.ask().error == REFUSED
    trust.refresh_from_db()
    assert trust.refusal == TrustRefusal.SWITCHED_OFF


def test_another_identity_pasted_ends_the_tokens_of_the_one_before(
    entra: Federated, trust: FederatedTrust
) -> None:
    scim = entra.scim()

    change_trust(trust, **{**PASTED, "subject": "886313e1-3b8a-5372-9b90-0c9aee199e5d"}, by=factories.TESTER)

    assert scim.get("/Users").status == 401
    assert entra.ask().error == REFUSED


WRONG: dict[str, tuple[TrustRefusal, Callable[[Federated], dict[str, str]]]] = {
    "tenant": (
        TrustRefusal.TENANT,
        lambda entra: entra.form(
            client_assertion=entra.assertion(
                iss=PASTED["issuer"].replace("3f2504e0", "aaaaaaaa"),
                tid="aaaaaaaa-4f89-41d3-9a0c-0305e82c3301",
            )
        ),
    ),
    "audience": (
        TrustRefusal.AUDIENCE,
        lambda entra: entra.form(client_assertion=entra.assertion(aud=OTHER_TENANT)),
    ),
    "subject": (
        TrustRefusal.SUBJECT,
        lambda entra: entra.form(client_assertion=entra.assertion(sub=OTHER_TENANT)),
    ),
    "time": (
        TrustRefusal.EXPIRED,
        lambda entra: entra.form(client_assertion=entra.assertion(exp=1_000_000_000)),
    ),
    "key": (
        TrustRefusal.KEY,
        lambda entra: entra.form(client_assertion=Signer("nobody").sign(claims_at(timezone.now()))),
    ),
    "signature": (
        TrustRefusal.SIGNATURE,
        lambda entra: entra.form(client_assertion=Signer("first").sign(claims_at(timezone.now()))),
    ),
    "no assertion": (TrustRefusal.MALFORMED, lambda entra: entra.form(client_assertion="x.y.z")),
    "too large": (TrustRefusal.TOO_LARGE, lambda entra: entra.form(client_assertion="x" * 20_000)),
    "foreign client": (TrustRefusal.CLIENT, lambda entra: entra.form(client_id=OTHER_TENANT)),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_caller_is_told_nothing_and_the_administrator_why(
    entra: Federated, trust: FederatedTrust, name: str
) -> None:
    reason, form = WRONG[name]
    expected = entra.send(entra.form(client_assertion="e.e.e"))

    answer = entra.send(form(entra))

    assert (answer.error, answer.raw) == (REFUSED, expected.raw)
    trust.refresh_from_db()
    assert trust.refusal == reason
    assert trust.refused_address == "127.0.0.1"
    assert ScimToken.objects.filter(kind="access").count() == 0
    assert ProvisioningEvent.objects.count() == 0


def test_where_federation_is_not_set_up_the_log_says_so(entra: Federated, trust: FederatedTrust) -> None:
    form = entra.form()
    trust.delete()

    assert entra.send(form).error == REFUSED
    event = ProvisioningEvent.objects.get()
    assert (event.action, event.reasons) == ("sign-in", [Reason.TRUST_MISSING])
    assert form["client_assertion"] not in kept_log()


def test_an_outage_at_microsoft_is_a_refusal_and_no_error(
    entra: Federated, trust: FederatedTrust, key_server: KeyServer
) -> None:
    key_server.answer = key_server.hang_up

    assert entra.ask().error == REFUSED
    trust.refresh_from_db()
    assert trust.refusal == TrustRefusal.NO_KEYS


@pytest.mark.parametrize(
    "changes",
    [
        {"client_assertion": ""},
        {"client_assertion_type": ""},
        {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
        {"client_secret": "x"},
        {"grant_type": ""},
    ],
    ids=str,
)
def test_half_a_request_is_invalid(entra: Federated, changes: dict[str, str]) -> None:
    assert entra.ask(**changes).error == (400, "invalid_request")


def test_two_ways_at_once_are_invalid(entra: Federated) -> None:
    answer = entra.send(entra.form(), Authorization=basic(entra.client_id, "x"))

    assert answer.error == (400, "invalid_request")


@pytest.mark.parametrize(
    "grant",
    ["urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:token-exchange"],
)
def test_other_grants_with_an_assertion_are_unsupported(entra: Federated, grant: str) -> None:
    answer = entra.ask(grant_type=grant, assertion=entra.assertion(), subject_token=entra.assertion())

    assert answer.error == (400, "unsupported_grant_type")


def test_an_assertion_opens_only_the_installation_that_trusts_it(
    entra: Federated, trust: FederatedTrust, installation: Installation
) -> None:
    fabrikam = the_installation(the_organization("Fabrikam"))
    form = entra.form()

    foreign = entra.send(form, path=f"/oauth/{fabrikam.pk}/token")
    unknown = entra.send(form, path=f"/oauth/{OTHER_TENANT}/token")

    assert foreign.error == unknown.error == REFUSED
    assert foreign.raw == unknown.raw
    token = entra.ask().token
    other = TokenClient(fabrikam, "", "")
    assert other.scim(token).get("/Users").status == 401


def test_a_paused_add_on_gives_no_token_and_says_so_in_the_log(
    entra: Federated, installation: Installation
) -> None:
    pause(installation, by=factories.TESTER)

    assert entra.ask().error == REFUSED
    assert ProvisioningEvent.objects.get().reasons == [Reason.PAUSED]
    resume(installation, by=factories.TESTER)
    assert entra.ask().status == 200
    uninstall(installation, Disposition.KEEP, by=factories.TESTER)
    assert entra.ask().error == REFUSED


def test_a_client_that_asks_all_the_time_waits(entra: Federated) -> None:
    form = entra.form()
    for _number in range(GIVEN.failures):
        assert entra.send(form).status == 200

    answer = entra.send(form)

    assert answer.error == (429, "temporarily_unavailable")
    assert answer.headers["Retry-After"] == str(int(GIVEN.within.total_seconds()))


def test_refused_assertions_are_throttled_before_they_are_read(
    entra: Federated, trust: FederatedTrust
) -> None:
    for _number in range(BY_CLIENT_AND_ADDRESS.failures):
        assert entra.ask(client_assertion="e.e.e").error == REFUSED

    assert entra.ask().error == (429, "temporarily_unavailable")


def test_a_token_request_costs_its_queries(
    entra: Federated, django_assert_num_queries: Callable[[int], Any]
) -> None:
    entra.ask()
    form = entra.form()

    # Failures, installation, trusts, keys, tokens given lately; then savepoint, trust, token, release.
    with django_assert_num_queries(9):
        assert entra.send(form).status == 200
