"""Secret tokens at rest, minted, rotated and revoked."""

import hmac
import re
from datetime import timedelta

import pytest
import time_machine
from django.db.utils import IntegrityError
from django.utils import timezone

from addons.models import Installation
from printmgmt.audit.models import AuditEvent
from printmgmt.tokens import bearer
from scim_sync.credentials import tokens
from scim_sync.credentials.access_tokens import give_access_token
from scim_sync.credentials.clients import create_client_secret
from scim_sync.exceptions import AlreadyMinted, NoFreeSlot
from scim_sync.models import ScimClient, ScimToken, TokenKind
from scim_sync.oauth.client_credentials import SecretHolder
from tests.factories import TESTER
from tests.scim_sync.client import Scim


@pytest.mark.rfc("7644", "7.7")
@pytest.mark.rfc("7644", "7.3")
def test_a_token_is_marked_long_and_kept_as_a_digest(installation: Installation) -> None:
    presented = tokens.mint_first_token(installation, by=TESTER)

    assert re.fullmatch(r"pmscim_[0-9a-f]{12}_[0-9a-f]{64}", presented)
    row = str(ScimToken.objects.values().get())
    assert presented not in row
    assert presented.rpartition("_")[2] not in row
    assert presented not in str(list(AuditEvent.objects.values()))


def test_the_first_token_is_minted_once(installation: Installation) -> None:
    tokens.mint_first_token(installation, by=TESTER)
    tokens.revoke_all(installation, by=TESTER)

    with pytest.raises(AlreadyMinted):
        tokens.mint_first_token(installation, by=TESTER)


@pytest.mark.rfc("7644", "7.3")
def test_two_live_at_most_and_a_revoked_one_makes_room(installation: Installation) -> None:
    tokens.mint_first_token(installation, by=TESTER)
    tokens.rotate_token(installation, by=TESTER, label="second")
    with pytest.raises(NoFreeSlot):
        tokens.rotate_token(installation, by=TESTER, label="third")

    tokens.revoke_token(ScimToken.objects.get(label="second"), by=TESTER)
    tokens.rotate_token(installation, by=TESTER, label="third")

    live = ScimToken.objects.filter(slot__isnull=False).values_list("label", "slot")
    assert sorted(live) == [("First token", 1), ("third", 2)]


def test_an_expired_token_gives_up_its_slot(installation: Installation) -> None:
    tokens.mint_first_token(installation, by=TESTER)
    tokens.rotate_token(installation, by=TESTER, label="second")

    with time_machine.travel(timezone.now() + tokens.LIFETIME + timedelta(seconds=1)):
        tokens.rotate_token(installation, by=TESTER, label="third")

    assert ScimToken.objects.filter(slot__isnull=False).get().label == "third"


def test_revoking_twice_is_audited_once(installation: Installation) -> None:
    tokens.mint_first_token(installation, by=TESTER)
    token = ScimToken.objects.get()

    tokens.revoke_token(token, by=TESTER)
    tokens.revoke_token(token, by=TESTER)

    assert AuditEvent.objects.filter(verb="token.revoked").count() == 1


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"slot": 3}, "token_two_slots"),
        ({"revoked_at": timezone.now()}, "token_revoked_has_no_slot"),
        ({"kind": TokenKind.ACCESS}, "token_access_has_no_slot"),
        ({"slot": 2}, "token_slot_once"),
        ({"kind": TokenKind.ACCESS, "slot": None}, "token_kind_follows_origin"),
    ],
)
def test_the_database_keeps_the_two_slots(
    installation: Installation, change: dict[str, object], constraint: str
) -> None:
    tokens.mint_first_token(installation, by=TESTER)
    tokens.rotate_token(installation, by=TESTER, label="second")

    with pytest.raises(IntegrityError, match=constraint):
        ScimToken.objects.filter(slot=1).update(**change)


def access_token(installation: Installation) -> str:
    """A token as a client is given one: for an hour, beside the secret tokens."""
    client = ScimClient.objects.get_or_create(installation=installation)[0]
    if not client.secrets.exists():
        create_client_secret(installation, by=TESTER, label="Azure")
    return give_access_token(SecretHolder(client.secrets.get()), now=timezone.now(), address=None).text


def test_an_access_token_opens_the_installation_and_takes_no_slot(installation: Installation) -> None:
    base = Scim.of(installation).base
    for _each in range(3):
        presented = access_token(installation)

    assert Scim(base, presented).get("/Users").status == 200
    live = ScimToken.objects.filter(slot__isnull=False)
    assert list(live) == list(ScimToken.objects.secrets())


def test_an_access_token_is_no_first_token(installation: Installation) -> None:
    access_token(installation)

    assert tokens.mint_first_token(installation, by=TESTER)


def test_a_known_and_an_unknown_prefix_are_both_compared_in_constant_time(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    presented = tokens.mint_first_token(installation, by=TESTER)
    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr(bearer.hmac, "compare_digest", lambda a, b: compared.append(len(a)) or real(a, b))

    assert tokens.find_token(presented) is not None
    assert tokens.find_token(presented[:-1] + "x") is None
    assert tokens.find_token("pmscim_000000000000_" + "0" * 64) is None

    assert compared == [64, 64, 64]
