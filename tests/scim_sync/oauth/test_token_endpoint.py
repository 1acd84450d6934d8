"""An access token for a client secret, and what ends it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import pause, resume, uninstall
from printmgmt.audit.models import AuditEvent
from scim_sync.credentials.clients import create_client_secret, revoke_client_secret, switch_off, switch_on
from scim_sync.models import Action, ProvisioningEvent, ScimClient, ScimClientSecret, ScimToken
from scim_sync.monitoring.periodic import maintain
from scim_sync.provisioning_log.reasons import Reason
from tests.factories import TESTER
from tests.scim_sync.api.test_authentication import is_uniform_refusal
from tests.scim_sync.client import DISABLE, Scim
from tests.scim_sync.kept_log import kept_log
from tests.scim_sync.oauth.client import TokenClient, basic

pytestmark = pytest.mark.django_db

REFUSED = (401, "invalid_client")


def secret_of(installation: Installation) -> ScimClientSecret:
    rows = ScimClientSecret.objects.select_related("client__installation__organization")
    return rows.filter(client__installation=installation).earliest("issued_at")


def reasons() -> list[str]:
    """The reasons of refused sign-ins in the log, one row each."""
    events = ProvisioningEvent.objects.filter(action=Action.SIGN_IN).order_by("id")
    return [reason for event in events for reason in event.reasons]


def test_a_client_gets_a_token_for_an_hour_and_calls_scim_with_it(oauth: TokenClient) -> None:
    answer = oauth.ask()

    assert answer.status == 200
    assert set(answer.body) == {"access_token", "token_type", "expires_in", "scope"}
    assert (answer.body["token_type"], answer.body["expires_in"]) == ("Bearer", 3600)
    assert oauth.scim(answer.token).get("/Users").status == 200
    assert answer.token not in str(list(ScimToken.objects.values()))
    assert oauth.secret not in str(list(ScimClientSecret.objects.values()))


def test_the_host_chooses_how_long_an_access_token_lives(oauth: TokenClient) -> None:
    with override_settings(ACCESS_TOKEN_MINUTES=360):
        assert oauth.ask().body["expires_in"] == 6 * 3600


def test_an_access_token_ends_with_the_secret_it_was_given_for(installation: Installation) -> None:
    oauth = TokenClient.of(installation, lifetime=timedelta(minutes=10))

    assert 590 <= oauth.ask().body["expires_in"] <= 600


@pytest.mark.parametrize("scope", ["", "x", "https://graph.microsoft.com/.default", "a b c"])
def test_any_scope_is_taken(oauth: TokenClient, scope: str) -> None:
    assert oauth.ask(scope=scope).body["scope"] == "scim"


def test_id_and_secret_may_come_as_basic_or_in_both_places(oauth: TokenClient) -> None:
    assert oauth.ask_by_basic().status == 200
    assert oauth.ask_by_basic(oauth.form()).status == 200
    assert oauth.ask_by_basic(oauth.form(client_secret="")).status == 200


def test_two_places_that_differ_are_refused(oauth: TokenClient) -> None:
    assert oauth.ask_by_basic(oauth.form(client_id="x")).error == REFUSED
    assert oauth.ask_by_basic(oauth.form(client_secret="x")).error == REFUSED
    wrong = basic(oauth.client_id, "x")
    assert oauth.send(oauth.form(), Authorization=wrong).error == REFUSED
    assert set(reasons()) == {Reason.CLIENT_MALFORMED}


def test_an_expired_access_token_is_refused_and_the_next_one_works(oauth: TokenClient) -> None:
    token = oauth.ask().token

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert is_uniform_refusal(oauth.scim(token).get("/Users"))
        assert oauth.scim().get("/Users").status == 200
    assert reasons() == [Reason.ACCESS_TOKEN_EXPIRED]


def revoked(installation: Installation) -> None:
    revoke_client_secret(secret_of(installation), by=TESTER)


def switched_off(installation: Installation) -> None:
    switch_off(secret_of(installation).client, by=TESTER)


def expired(installation: Installation) -> None:
    ScimClientSecret.objects.update(expires_at=timezone.now())
    ScimToken.objects.update(expires_at=timezone.now())


def paused(installation: Installation) -> None:
    pause(installation, by=TESTER)


def uninstalled(installation: Installation) -> None:
    uninstall(installation, Disposition.KEEP, by=TESTER)


@pytest.mark.parametrize(
    ("end", "reason", "of_token"),
    [
        (revoked, Reason.CLIENT_SECRET_REVOKED, Reason.ACCESS_TOKEN_REVOKED),
        (switched_off, Reason.CLIENT_OFF, Reason.ACCESS_TOKEN_REVOKED),
        (expired, Reason.CLIENT_SECRET_EXPIRED, Reason.ACCESS_TOKEN_EXPIRED),
        (paused, Reason.PAUSED, Reason.PAUSED),
        (uninstalled, Reason.UNINSTALLED, Reason.UNINSTALLED),
    ],
)
def test_what_ends_a_secret_ends_its_access_tokens_at_once(
    oauth: TokenClient,
    installation: Installation,
    end: Callable[[Installation], None],
    reason: Reason,
    of_token: Reason,
) -> None:
    scim = oauth.scim()
    ada = scim.create("ada")
    end(installation)

    assert is_uniform_refusal(scim.patch(ada.id, DISABLE))
    assert oauth.ask().error == REFUSED
    assert reasons() == [of_token, reason]
    assert oauth.secret not in kept_log()


def test_switching_on_again_gives_new_access_tokens_and_leaves_the_old_ones_ended(
    oauth: TokenClient, installation: Installation
) -> None:
    old = oauth.scim()
    client = secret_of(installation).client
    assert (switch_off(client, by=TESTER), switch_off(client, by=TESTER)) == (True, False)
    assert (switch_on(client, by=TESTER), switch_on(client, by=TESTER)) == (True, False)

    assert oauth.scim().get("/Users").status == 200
    assert is_uniform_refusal(old.get("/Users"))
    verbs = AuditEvent.objects.filter(verb__startswith="client").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["client-secret.created", "client.switched-off", "client.switched-on"]


def test_resuming_opens_the_door_again(oauth: TokenClient, installation: Installation) -> None:
    scim = oauth.scim()
    pause(installation, by=TESTER)
    resume(installation, by=TESTER)

    assert scim.get("/Users").status == 200
    assert oauth.ask().status == 200


def test_revoking_one_secret_leaves_the_tokens_of_the_other(
    oauth: TokenClient, installation: Installation
) -> None:
    made = create_client_secret(installation, by=TESTER, label="new")
    second = TokenClient(installation, str(made.client.pk), made.text)
    of_first, of_second = oauth.scim(), second.scim()

    revoke_client_secret(secret_of(installation), by=TESTER)

    assert is_uniform_refusal(of_first.get("/Users"))
    assert of_second.get("/Users").status == 200
    assert second.ask().status == 200


def test_secret_tokens_are_not_touched(scim: Scim, oauth: TokenClient, installation: Installation) -> None:
    oauth.scim().get("/Users")
    switched_off(installation)

    assert scim.get("/Users").status == 200


def test_every_refusal_is_the_same_for_the_caller_and_told_apart_in_the_log(
    oauth: TokenClient, other_scim: Scim, installation: Installation
) -> None:
    other = TokenClient.of(Installation.objects.exclude(pk=installation.pk).get())
    answers = [
        oauth.ask(client_secret=""),
        oauth.ask(client_id="x"),
        oauth.ask(client_id=other.client_id),
        oauth.ask(client_secret=oauth.secret[:-1] + "x"),
        oauth.ask(client_secret=other.secret),
        oauth.ask(client_id=other.client_id, client_secret=other.secret),
        oauth.ask(client_secret="\u00fc" * 300),
    ]

    assert {(answer.status, answer.raw) for answer in answers} == {(401, answers[0].raw)}
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {
        'Basic realm="token endpoint", charset="UTF-8"'
    }
    assert set(reasons()) == {
        Reason.CLIENT_SECRET_MISSING,
        Reason.CLIENT_UNKNOWN,
        Reason.CLIENT_SECRET_UNKNOWN,
    }
    assert oauth.secret not in kept_log()
    assert other.secret not in kept_log()


@pytest.mark.parametrize(
    "address", ["00000000-0000-0000-0000-000000000000", "x", "%00", "' OR 1=1", "\u0661" * 32]
)
def test_an_address_nobody_has_is_refused_like_a_wrong_secret(oauth: TokenClient, address: str) -> None:
    answer = oauth.send(oauth.form(), path=f"/oauth/{address}/token")

    assert (answer.status, answer.raw) == (401, oauth.ask(client_secret="x").raw)
    assert len(reasons()) == 1


@pytest.mark.parametrize(
    "grant",
    [
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "password",
        "refresh_token",
        "authorization_code",
        "CLIENT_CREDENTIALS",
        '\u00fc"\\',
    ],
)
def test_no_other_grant_is_supported(oauth: TokenClient, grant: str) -> None:
    assert oauth.ask(grant_type=grant).error == (400, "unsupported_grant_type")


def test_a_token_request_and_a_call_with_its_token_cost_a_fixed_number_of_statements(
    oauth: TokenClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scim = oauth.scim()
    scim.get("/Users")  # the minute's contact is written

    # Failures lately; the secret with client and installation. In a transaction: the secret held, its use,
    # the token.
    with django_assert_num_queries(7):
        assert oauth.ask().status == 200
    with django_assert_num_queries(2):
        assert scim.get("/Users").status == 200


def test_the_last_use_of_a_token_is_one_of_its_secret(oauth: TokenClient, installation: Installation) -> None:
    scim = oauth.scim()
    ScimClientSecret.objects.update(last_used_at=None)

    scim.get("/Users")

    secret = secret_of(installation)
    assert secret.last_used_at is not None
    assert secret.last_used_address == "127.0.0.1"


def test_service_provider_config_names_the_schemes_that_are_on(
    oauth: TokenClient, scim: Scim, installation: Installation
) -> None:
    def schemes(caller: Scim) -> list[tuple[str, bool]]:
        config = caller.get("/ServiceProviderConfig").body
        return [(scheme["type"], scheme["primary"]) for scheme in config["authenticationSchemes"]]

    assert schemes(scim) == [("oauthbearertoken", True), ("oauth2", False)]
    ScimToken.objects.secrets().update(revoked_at=timezone.now(), slot=None)
    assert schemes(oauth.scim()) == [("oauth2", True)]


def test_access_tokens_are_deleted_once_the_log_no_longer_names_them(
    oauth: TokenClient, scim: Scim, installation: Installation
) -> None:
    token = oauth.ask().token
    oauth.scim(token).create("ada")

    with time_machine.travel(timezone.now() + timedelta(days=29)):
        maintain()
        assert ScimToken.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        maintain()

    assert list(ScimToken.objects.all()) == list(ScimToken.objects.secrets())
    assert ScimClient.objects.get().secrets.count() == 1
