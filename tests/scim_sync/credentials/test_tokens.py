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
from scim_sync.credentials import tokens
from scim_sync.exceptions import AlreadyMinted, NoFreeSlot
from scim_sync.models import ScimToken
from tests.factories import TESTER


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


def test_the_database_keeps_two_slots(installation: Installation) -> None:
    tokens.mint_first_token(installation, by=TESTER)
    token = ScimToken.objects.get()

    token.slot = 3
    with pytest.raises(IntegrityError, match="token_two_slots"):
        token.save()


def test_a_known_and_an_unknown_prefix_are_both_compared_in_constant_time(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    presented = tokens.mint_first_token(installation, by=TESTER)
    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr(tokens.hmac, "compare_digest", lambda a, b: compared.append(len(a)) or real(a, b))

    assert tokens.find_token(presented) is not None
    assert tokens.find_token(presented[:-1] + "x") is None
    assert tokens.find_token("pmscim_000000000000_" + "0" * 64) is None

    assert compared == [64, 64, 64]


def test_what_cannot_be_a_token_costs_no_query(db: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        for presented in ("", "x", "pmscim_a", "pmscim_a_b_c", "pmscim_a_" + "0" * 500, "pmscim_é_b"):
            assert tokens.find_token(presented) is None
