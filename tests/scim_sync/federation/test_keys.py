"""Keys of a tenant: read by id, kept over an outage, and never asked for in a flood."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from joserfc.jwk import ECKey, RSAKey
from pytest_django.fixtures import Settings

from scim_sync.federation import fetching
from scim_sync.federation.exceptions import AssertionRefused
from scim_sync.federation.issuers import Cloud, Issuer
from scim_sync.federation.key_documents import MOST_KEYS
from scim_sync.federation.keys import key_of, trouble_of
from scim_sync.models import KeysTrouble, SigningKeys, TrustRefusal
from tests.scim_sync.federation.entra import OTHER_TENANT, TENANT, Signer
from tests.scim_sync.federation.key_server import KeyServer

pytestmark = pytest.mark.django_db

TENANT_HERE = Issuer(Cloud.PUBLIC, TENANT)
PATH = f"/{TENANT}/discovery/v2.0/keys"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def refusal(kid: str, now: datetime) -> TrustRefusal:
    with pytest.raises(AssertionRefused) as refused:
        key_of(TENANT_HERE, kid, now=now)
    return refused.value.reason


def trouble() -> str:
    known = trouble_of(TENANT_HERE)
    return known.trouble if known else ""


def test_a_key_is_asked_for_once_and_then_known(key_server: KeyServer, signer: Signer, now: datetime) -> None:
    for seconds in (0, 1, 3500):
        key = key_of(TENANT_HERE, signer.kid, now=now + timedelta(seconds=seconds))

        assert key.thumbprint() == signer.key.thumbprint()
    assert key_server.asked == [PATH]
    assert "Authorization" not in key_server.headers[0]


def test_keys_of_two_tenants_are_apart(key_server: KeyServer, signer: Signer, now: datetime) -> None:
    key_of(TENANT_HERE, signer.kid, now=now)
    key_of(Issuer(Cloud.PUBLIC, OTHER_TENANT), signer.kid, now=now)

    assert key_server.asked == [PATH, f"/{OTHER_TENANT}/discovery/v2.0/keys"]


def test_a_flood_of_unknown_keys_is_one_question_a_minute(
    key_server: KeyServer, signer: Signer, now: datetime
) -> None:
    for number in range(100):
        moment = now + timedelta(seconds=number)
        assert refusal(f"random-{number}", moment) == TrustRefusal.KEY
        assert key_of(TENANT_HERE, signer.kid, now=moment)

    assert len(key_server.asked) == 2


def test_a_flood_while_microsoft_is_away_is_one_question_a_minute(
    key_server: KeyServer, now: datetime
) -> None:
    key_server.answer = key_server.fail

    reasons = {refusal(f"random-{number}", now + timedelta(seconds=number)) for number in range(60)}

    assert reasons == {TrustRefusal.NO_KEYS}
    assert len(key_server.asked) == 1
    assert trouble() == KeysTrouble.STATUS


def test_a_new_key_is_found_a_minute_after_the_last_question(
    key_server: KeyServer, signer: Signer, other_signer: Signer, now: datetime
) -> None:
    key_of(TENANT_HERE, signer.kid, now=now)
    key_server.published.append(other_signer.published)

    assert refusal(other_signer.kid, now + timedelta(seconds=59)) == TrustRefusal.KEY
    assert key_of(TENANT_HERE, other_signer.kid, now=now + timedelta(seconds=60))
    assert key_of(TENANT_HERE, signer.kid, now=now + timedelta(seconds=61))
    assert len(key_server.asked) == 2


def test_a_withdrawn_key_is_refused_within_the_hour(
    key_server: KeyServer, signer: Signer, other_signer: Signer, now: datetime
) -> None:
    key_of(TENANT_HERE, signer.kid, now=now)
    key_server.published[:] = [other_signer.published]

    assert refusal(signer.kid, now + timedelta(hours=1)) == TrustRefusal.KEY


def test_an_outage_is_survived_for_a_day(key_server: KeyServer, signer: Signer, now: datetime) -> None:
    key_of(TENANT_HERE, signer.kid, now=now)
    key_server.answer = key_server.fail

    assert key_of(TENANT_HERE, signer.kid, now=now + timedelta(hours=23, minutes=59))
    assert refusal(signer.kid, now + timedelta(days=1)) == TrustRefusal.NO_KEYS
    key_server.answer = key_server.tell_keys
    assert key_of(TENANT_HERE, signer.kid, now=now + timedelta(days=1, minutes=1))


@pytest.mark.parametrize(
    ("answer", "expected", "detail"),
    [
        ("hang_up", KeysTrouble.UNREACHABLE, "RemoteDisconnected"),
        ("say_nothing", KeysTrouble.TIMEOUT, ""),
        ("trickle", KeysTrouble.TIMEOUT, ""),
        ("fail", KeysTrouble.STATUS, "503"),
        ("redirect", KeysTrouble.STATUS, "302"),
        ("show_a_page", KeysTrouble.CONTENT, "no JSON"),
        ("tell_no_keys", KeysTrouble.CONTENT, "no key"),
        ("tell_too_much", KeysTrouble.SIZE, ""),
        ("nest", KeysTrouble.CONTENT, "no JSON"),
    ],
)
@pytest.mark.usefixtures("impatient")
def test_answers_without_keys_refuse_at_first_and_keep_the_keys_later(
    key_server: KeyServer, signer: Signer, now: datetime, answer: str, expected: KeysTrouble, detail: str
) -> None:
    key_server.answer = getattr(key_server, answer)
    assert refusal(signer.kid, now) == TrustRefusal.NO_KEYS
    assert (trouble(), SigningKeys.objects.get().detail) == (expected, detail)

    key_server.answer = key_server.tell_keys
    later = now + timedelta(hours=2)
    assert key_of(TENANT_HERE, signer.kid, now=later)
    assert trouble() == ""

    key_server.answer = getattr(key_server, answer)
    assert key_of(TENANT_HERE, signer.kid, now=later + timedelta(hours=2))
    assert trouble() == expected
    assert [path for path in key_server.asked if path != PATH] == []  # a redirect is not followed


def test_a_server_that_is_not_microsofts_is_not_believed(
    key_server: KeyServer, signer: Signer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    assert refusal(signer.kid, now) == TrustRefusal.NO_KEYS
    assert trouble() == KeysTrouble.CERTIFICATE
    assert key_server.asked == []


def test_a_name_that_leads_inside_is_not_called(
    key_server: KeyServer, signer: Signer, now: datetime, settings: Settings
) -> None:
    settings.OUTBOUND_ALLOW = []

    assert refusal(signer.kid, now) == TrustRefusal.NO_KEYS
    assert trouble() == KeysTrouble.BLOCKED
    assert key_server.asked == []


def test_without_the_setting_the_host_of_the_cloud_is_asked(
    settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int, bool]] = []

    def resolve(host: str, port: int, *, private: bool, within: float) -> list[str]:
        asked.append((host, port, private))
        raise fetching.outbound.NameNotFound

    settings.ENTRA_KEYS_ORIGIN = ""
    monkeypatch.setattr(fetching.outbound, "resolve", resolve)

    for cloud in Cloud:
        with pytest.raises(AssertionRefused):
            key_of(Issuer(cloud, TENANT), "first", now=now)

    assert asked == [
        ("login.microsoftonline.com", 443, False),
        ("login.microsoftonline.us", 443, False),
        ("login.partner.microsoftonline.cn", 443, False),
    ]
    assert set(SigningKeys.objects.values_list("trouble", flat=True)) == {KeysTrouble.NAME}


def unfit(signer: Signer) -> dict[str, dict[str, Any]]:
    """Keys that may not sign an assertion, although their id is the one that is looked for."""
    good = signer.published
    return {
        "for encryption": {**good, "use": "enc"},
        "for another algorithm": {**good, "alg": "RS512"},
        "for signing only": {**good, "key_ops": ["sign"]},
        "odd operations": {**good, "key_ops": "verify"},
        "of personal accounts": {
            **good,
            "issuer": "https://login.microsoftonline.com/9188040d-6c67-4b5b-b112-36a304b66dad/v2.0",
        },
        "of another cloud": {**good, "issuer": "https://login.microsoftonline.us/{tenantid}/v2.0"},
        "elliptic": {**ECKey.generate_key("P-256").as_dict(private=False), "kid": "first"},
        "symmetric": {"kty": "oct", "k": "c2VjcmV0", "kid": "first"},
        "numeric id": {**good, "kid": 1},
        "without id": {name: value for name, value in good.items() if name != "kid"},
        "empty id": {**good, "kid": ""},
        "without modulus": {name: value for name, value in good.items() if name != "n"},
        "modulus no text": {**good, "n": 5},
        "modulus no number": {**good, "n": "***"},
        "exponent one": {**good, "e": "AQ"},
        "exponent even": {**good, "e": "Ag"},
        "too small": {**good, "n": small_modulus()},
        "too big": {**good, "n": "_" * 2000},
    }


def small_modulus() -> str:
    with pytest.warns(match="2048"):
        return str(RSAKey.generate_key(1024, private=True).as_dict(private=False)["n"])


def test_keys_that_do_not_fit_are_left_out(key_server: KeyServer, signer: Signer, now: datetime) -> None:
    minutes = itertools.count()
    for name, key in unfit(signer).items():
        key_server.published[:] = [key, "no key", None]  # type: ignore[list-item]
        moment = now + timedelta(minutes=next(minutes))
        assert refusal(str(key.get("kid", "first")), moment) == TrustRefusal.NO_KEYS, name
        assert trouble() == KeysTrouble.CONTENT, name

    key_server.published[:] = [*unfit(signer).values(), signer.published]
    assert key_of(TENANT_HERE, "first", now=now + timedelta(minutes=next(minutes)))


def test_of_two_keys_with_one_id_the_first_counts(
    key_server: KeyServer, signer: Signer, other_signer: Signer, now: datetime
) -> None:
    key_server.published.append({**other_signer.published, "kid": signer.kid})

    assert key_of(TENANT_HERE, signer.kid, now=now).thumbprint() == signer.key.thumbprint()


def test_keys_beyond_a_number_are_left_out(key_server: KeyServer, signer: Signer, now: datetime) -> None:
    many = [{**signer.published, "kid": str(number)} for number in range(MOST_KEYS + 5)]
    key_server.published[:] = many

    key_of(TENANT_HERE, "0", now=now)

    assert len(SigningKeys.objects.get().keys) == MOST_KEYS
    assert set(SigningKeys.objects.get().keys["0"]) == {"n", "e"}  # no x5c, no x5t
