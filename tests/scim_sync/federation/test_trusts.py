"""Trusts are added, changed and switched off; their access tokens end with them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from addons.disposition import Disposition
from addons.exceptions import Uninstalled
from addons.models import Installation
from addons.services import uninstall
from printmgmt.audit.models import AuditEvent
from scim_sync.federation.exceptions import PastedError, TrustError
from scim_sync.federation.trusts import MOST, add_trust, change_trust, end_trust
from scim_sync.models import FederatedTrust, ScimClientSecret, ScimToken, SigningKeys, TokenKind
from tests import factories
from tests.scim_sync.federation.entra import APPLICATION, OTHER_TENANT, PASTED, SUBJECT
from tests.scim_sync.oauth.client import TokenClient

pytestmark = pytest.mark.django_db

OTHER = {**PASTED, "subject": "886313e1-3b8a-5372-9b90-0c9aee199e5d"}
THIRD = {**PASTED, "subject": "0e984725-c51c-4bf4-9960-e1c80e27aba0"}


def access_token(trust: FederatedTrust, number: int = 1) -> ScimToken:
    """An access token that was given for a trust."""
    return ScimToken.objects.create(
        installation=trust.installation,
        kind=TokenKind.ACCESS,
        trust=trust,
        prefix=f"pmscim_{number}",
        digest="0" * 64,
        expires_at=timezone.now() + timedelta(hours=1),
    )


def is_live(token: ScimToken) -> bool:
    token.refresh_from_db()
    return token.is_live


def verbs() -> list[str]:
    return list(
        AuditEvent.objects.filter(verb__startswith="federation").order_by("pk").values_list("verb", flat=True)
    )


def test_adding_keeps_what_was_pasted_and_says_who(installation: Installation) -> None:
    trust = add_trust(installation, **PASTED, by=factories.TESTER)

    assert {name: getattr(trust, name) for name in PASTED} == PASTED
    event = AuditEvent.objects.get(verb="federation.added")
    assert {name: event.details[name] for name in PASTED} == PASTED


@pytest.mark.parametrize(
    "wrong", [{"issuer": f"{PASTED['issuer']}/"}, {"subject": "alice"}, {"audience": "contoso"}], ids=str
)
def test_what_cannot_be_right_is_not_added(installation: Installation, wrong: dict[str, str]) -> None:
    with pytest.raises(PastedError):
        add_trust(installation, **{**PASTED, **wrong}, by=factories.TESTER)

    assert FederatedTrust.objects.count() == 0
    assert verbs() == []


def test_two_live_side_by_side_and_no_third(installation: Installation) -> None:
    first = add_trust(installation, **PASTED, by=factories.TESTER)
    add_trust(installation, **OTHER, by=factories.TESTER)

    with pytest.raises(TrustError, match="already two active federations"):
        add_trust(installation, **THIRD, by=factories.TESTER)
    end_trust(first, by=factories.TESTER)
    add_trust(installation, **THIRD, by=factories.TESTER)

    assert installation.trusts.live().count() == MOST


@pytest.mark.parametrize("audience", [APPLICATION, f"api://{OTHER_TENANT}"])
def test_one_workload_identity_is_trusted_once(installation: Installation, audience: str) -> None:
    add_trust(installation, **PASTED, by=factories.TESTER)

    with pytest.raises(TrustError, match="already in use here"):
        add_trust(installation, **{**PASTED, "audience": audience}, by=factories.TESTER)


def test_changing_ends_the_tokens_and_keeps_the_client_identifier(installation: Installation) -> None:
    trust = add_trust(installation, **PASTED, by=factories.TESTER)
    token = access_token(trust)

    assert change_trust(trust, **OTHER, by=factories.TESTER)

    changed = installation.trusts.get()
    assert (changed.pk, changed.subject) == (trust.pk, OTHER["subject"])
    assert not is_live(token)
    event = AuditEvent.objects.get(verb="federation.changed")
    assert event.details["changes"] == {"subject": [SUBJECT, OTHER["subject"]]}


def test_changing_nothing_changes_nothing(installation: Installation) -> None:
    trust = add_trust(installation, **PASTED, by=factories.TESTER)
    token = access_token(trust)

    assert not change_trust(trust, **PASTED, by=factories.TESTER)

    assert is_live(token)
    assert verbs() == ["federation.added"]


def test_a_change_to_what_cannot_be_is_refused(installation: Installation) -> None:
    trust = add_trust(installation, **PASTED, by=factories.TESTER)
    add_trust(installation, **OTHER, by=factories.TESTER)
    token = access_token(trust)

    with pytest.raises(TrustError, match="already in use here"):
        change_trust(trust, **OTHER, by=factories.TESTER)
    with pytest.raises(PastedError):
        change_trust(trust, **{**PASTED, "subject": "alice"}, by=factories.TESTER)
    end_trust(trust, by=factories.TESTER)
    with pytest.raises(TrustError, match="switched off in the meantime"):
        change_trust(trust, **THIRD, by=factories.TESTER)

    assert not is_live(token)  # by the switching off
    assert verbs() == ["federation.added", "federation.added", "federation.ended"]


def test_switching_off_ends_its_tokens_and_no_others(installation: Installation) -> None:
    trust = add_trust(installation, **PASTED, by=factories.TESTER)
    other = add_trust(installation, **OTHER, by=factories.TESTER)
    ended, kept = [access_token(trust, number) for number in (1, 2)], access_token(other, 3)

    assert end_trust(trust, by=factories.TESTER)
    assert not end_trust(trust, by=factories.TESTER)

    assert [is_live(token) for token in [*ended, kept]] == [False, False, True]
    assert verbs()[-1] == "federation.ended"
    assert verbs().count("federation.ended") == 1


def test_uninstalling_switches_every_trust_off(installation: Installation) -> None:
    trust = add_trust(installation, **PASTED, by=factories.TESTER)
    token = access_token(trust)

    uninstall(installation, Disposition.KEEP, by=factories.TESTER)

    trust.refresh_from_db()
    assert not trust.is_live
    assert not is_live(token)
    with pytest.raises(Uninstalled):
        add_trust(installation, **OTHER, by=factories.TESTER)


@pytest.mark.parametrize("change", [add_trust, change_trust])
def test_nothing_is_trusted_in_an_installation_that_is_gone(installation: Installation, change: Any) -> None:
    trust = add_trust(installation, **PASTED, by=factories.TESTER)
    uninstall(installation, Disposition.KEEP, by=factories.TESTER)

    with pytest.raises(Uninstalled):
        change(installation if change is add_trust else trust, **OTHER, by=factories.TESTER)


# --- what the database refuses ----------------------------------------------------------------------


def test_the_database_refuses_a_second_live_trust_in_one_identity(installation: Installation) -> None:
    FederatedTrust.objects.create(installation=installation, **PASTED, ended_at=timezone.now())
    FederatedTrust.objects.create(installation=installation, **PASTED)

    with pytest.raises(IntegrityError, match="trust_once|scim_sync_federatedtrust"):
        FederatedTrust.objects.create(installation=installation, **PASTED)


def test_the_database_refuses_two_rows_of_keys_for_one_tenant(db: None) -> None:
    SigningKeys.objects.create(host="login.microsoftonline.com", tenant=OTHER_TENANT)

    with pytest.raises(IntegrityError, match="signing_keys_once|scim_sync_signingkeys"):
        SigningKeys.objects.create(host="login.microsoftonline.com", tenant=OTHER_TENANT)


@pytest.mark.parametrize("kind", TokenKind.values)
def test_the_database_refuses_a_token_of_a_trust_that_is_no_access_token_or_has_two_origins(
    installation: Installation, kind: str
) -> None:
    trust = FederatedTrust.objects.create(installation=installation, **PASTED)
    TokenClient.of(installation)
    secret = ScimClientSecret.objects.get()
    origins = {"trust": trust} if kind == TokenKind.SECRET else {"trust": trust, "client_secret": secret}

    with pytest.raises(IntegrityError, match="token_kind_follows_origin"):
        ScimToken.objects.create(
            installation=installation,
            kind=kind,
            prefix="pmscim_1",
            digest="0" * 64,
            expires_at=timezone.now(),
            **origins,
        )
