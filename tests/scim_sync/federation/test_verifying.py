"""Assertions: Entra's are accepted, and one wrong detail refuses each, with its reason."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from scim_sync.federation.assertions import LONGEST, read_assertion
from scim_sync.federation.exceptions import AssertionRefused
from scim_sync.federation.verifying import verify_assertion
from scim_sync.models import FederatedTrust, TrustRefusal
from tests.scim_sync.federation.entra import (
    APPLICATION,
    HOUR,
    ISSUER,
    OTHER_TENANT,
    SUBJECT,
    TENANT,
    Signer,
    claims_at,
)
from tests.scim_sync.federation.key_server import KeyServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


def refusal(trust: FederatedTrust, text: str, now: datetime) -> TrustRefusal | None:
    """Why an assertion is refused, None if it is accepted."""
    try:
        verify_assertion(trust, read_assertion(text), now)
    except AssertionRefused as refused:
        return refused.reason
    return None


def part(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def test_an_assertion_of_entra_is_accepted_until_it_expires(
    trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    text = signer.sign(claims_at(now))

    expires = verify_assertion(trust, read_assertion(text), now)

    assert expires == now + timedelta(hours=1)
    assert verify_assertion(trust, read_assertion(text), now + timedelta(minutes=59)) == expires


@pytest.mark.parametrize("pasted", ["{}", "api://{}", "api://{}/.default"])
@pytest.mark.parametrize("presented", ["{}", "api://{}", "api://{}/.default"])
def test_audience_is_accepted_in_each_spelling_whichever_was_pasted(
    trust: FederatedTrust, signer: Signer, now: datetime, pasted: str, presented: str
) -> None:
    trust.audience = pasted.format(APPLICATION)

    assert refusal(trust, signer.sign(claims_at(now, aud=presented.format(APPLICATION))), now) is None


CLAIMS: list[tuple[TrustRefusal, dict[str, Any]]] = [
    # tenant
    (TrustRefusal.TENANT, {"iss": ISSUER.replace(TENANT, OTHER_TENANT), "tid": OTHER_TENANT}),
    (TrustRefusal.TENANT, {"iss": ISSUER.replace(TENANT, OTHER_TENANT)}),
    (TrustRefusal.TENANT, {"tid": OTHER_TENANT}),
    (TrustRefusal.TENANT, {"tid": None}),
    (TrustRefusal.TENANT, {"tid": TENANT.upper()}),
    (TrustRefusal.TENANT, {"tid": [TENANT]}),
    (TrustRefusal.TENANT, {"iss": None}),
    (TrustRefusal.TENANT, {"iss": "https://evil.example"}),
    (TrustRefusal.TENANT, {"iss": "https://login.microsoftonline.com/common/v2.0"}),
    # issuer spelled otherwise
    (TrustRefusal.VERSION, {"iss": f"https://sts.windows.net/{TENANT}/", "ver": "1.0"}),
    (TrustRefusal.ISSUER, {"iss": f"{ISSUER}/"}),
    (TrustRefusal.ISSUER, {"iss": ISSUER.upper()}),
    (TrustRefusal.ISSUER, {"iss": f"{ISSUER} "}),
    (TrustRefusal.ISSUER, {"iss": ISSUER.removesuffix("/v2.0")}),
    (TrustRefusal.ISSUER, {"iss": ISSUER.replace("https", "http")}),
    (TrustRefusal.ISSUER, {"iss": ISSUER.replace("microsoftonline.com", "microsoftonline.us")}),
    (TrustRefusal.ISSUER, {"iss": f"https://evil.example/{TENANT}/v2.0"}),
    (TrustRefusal.TENANT, {"iss": [ISSUER]}),
    # audience
    (TrustRefusal.AUDIENCE, {"aud": OTHER_TENANT}),
    (TrustRefusal.AUDIENCE, {"aud": None}),
    (TrustRefusal.AUDIENCE, {"aud": [APPLICATION]}),
    (TrustRefusal.AUDIENCE, {"aud": [APPLICATION, OTHER_TENANT]}),
    (TrustRefusal.AUDIENCE, {"aud": APPLICATION.upper()}),
    (TrustRefusal.AUDIENCE, {"aud": f"api://{APPLICATION}/"}),
    (TrustRefusal.AUDIENCE, {"aud": f"{APPLICATION}/.default"}),
    (TrustRefusal.AUDIENCE, {"aud": ""}),
    # subject
    (TrustRefusal.SUBJECT, {"sub": OTHER_TENANT}),
    (TrustRefusal.SUBJECT, {"sub": None}),
    (TrustRefusal.SUBJECT, {"sub": SUBJECT.upper()}),
    (TrustRefusal.SUBJECT, {"sub": f"{SUBJECT} "}),
    (TrustRefusal.SUBJECT, {"sub": "\ud800"}),
    (TrustRefusal.SUBJECT, {"sub": {"": SUBJECT}}),
]


@pytest.mark.parametrize(("reason", "changed"), CLAIMS)
def test_one_wrong_claim_is_refused_with_its_reason_and_costs_no_key(
    trust: FederatedTrust,
    key_server: KeyServer,
    signer: Signer,
    now: datetime,
    reason: TrustRefusal,
    changed: dict[str, Any],
) -> None:
    assert refusal(trust, signer.sign(claims_at(now, **changed)), now) == reason
    assert key_server.asked == []


def test_the_same_wrong_claims_are_refused_when_the_key_is_known(
    trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    assert refusal(trust, signer.sign(claims_at(now)), now) is None
    for reason, changed in CLAIMS:
        assert refusal(trust, signer.sign(claims_at(now, **changed)), now) == reason, changed


@pytest.mark.parametrize(
    ("reason", "shifts"),
    [
        (None, {"exp": -59}),
        (TrustRefusal.EXPIRED, {"exp": -60}),
        (TrustRefusal.EXPIRED, {"exp": -HOUR * 24}),
        (None, {"iat": 60, "nbf": 60}),
        (TrustRefusal.TOO_EARLY, {"iat": 61, "nbf": 0}),
        (TrustRefusal.TOO_EARLY, {"iat": 0, "nbf": 61}),
        (None, {"iat": 0, "nbf": -HOUR * 24}),
        (None, {"iat": 0, "exp": 2 * HOUR}),
        (TrustRefusal.TOO_LONG, {"iat": 0, "exp": 2 * HOUR + 1}),
        (TrustRefusal.TOO_LONG, {"iat": -HOUR * 24, "exp": HOUR}),
        (TrustRefusal.TOO_LONG, {"iat": 0, "exp": 10**12}),
        (TrustRefusal.MALFORMED, {"iat": 30, "exp": 30}),
        (TrustRefusal.MALFORMED, {"iat": 50, "exp": 10}),
    ],
)
def test_times_have_a_minute_of_skew_and_two_hours_at_most(
    trust: FederatedTrust, signer: Signer, now: datetime, reason: TrustRefusal | None, shifts: dict[str, int]
) -> None:
    present = int(now.timestamp())
    if "exp" in shifts and "iat" not in shifts:
        shifts = {"iat": shifts["exp"] - HOUR, "nbf": shifts["exp"] - HOUR, **shifts}
    changed = {name: present + shift for name, shift in shifts.items()}

    assert refusal(trust, signer.sign(claims_at(now, **changed)), now) == reason


@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
@pytest.mark.parametrize("value", ["2000000000", 2e9, True, [], {}, "", float("inf"), float("nan")])
def test_times_that_are_no_whole_numbers_are_refused(
    trust: FederatedTrust, signer: Signer, now: datetime, claim: str, value: Any
) -> None:
    signed = signer.sign(claims_at(now, **{claim: value}))

    assert refusal(trust, signed, now) == TrustRefusal.MALFORMED


@pytest.mark.parametrize("claim", ["exp", "iat"])
def test_without_its_times_an_assertion_is_refused(
    trust: FederatedTrust, signer: Signer, now: datetime, claim: str
) -> None:
    assert refusal(trust, signer.sign(claims_at(now, **{claim: None})), now) == TrustRefusal.MALFORMED


def test_nbf_may_be_missing(trust: FederatedTrust, signer: Signer, now: datetime) -> None:
    assert refusal(trust, signer.sign(claims_at(now, nbf=None)), now) is None


# --- who signed --------------------------------------------------------------------------------------


def with_none(signer: Signer, claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none', 'kid': signer.kid})}.{part(claims)}."


def with_none_and_a_signature(signer: Signer, claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none', 'kid': signer.kid})}.{part(claims)}.AAAA"


def with_hs256(signer: Signer, claims: dict[str, Any], secret: bytes) -> str:
    """Signed by hand: joserfc refuses to take a public key for a secret."""
    text = f"{part({'alg': 'HS256', 'kid': signer.kid})}.{part(claims)}"
    return f"{text}.{part(hmac.digest(secret, text.encode(), 'sha256'))}"


def with_hs256_and_the_public_key(signer: Signer, claims: dict[str, Any]) -> str:
    return with_hs256(signer, claims, signer.key.as_pem(private=False))


def with_hs256_and_the_modulus(signer: Signer, claims: dict[str, Any]) -> str:
    return with_hs256(signer, claims, str(signer.key.as_dict(private=False)["n"]).encode())


def with_another_algorithm(name: str) -> Callable[[Signer, dict[str, Any]], str]:
    def signed(signer: Signer, claims: dict[str, Any]) -> str:
        header = {"alg": name, "kid": signer.kid}
        return jwt.encode(header, claims, signer.key, algorithms=[name])

    signed.__name__ = name
    return signed


def with_es256(signer: Signer, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "ES256", "kid": signer.kid}, claims, ECKey.generate_key("P-256"))


def with_the_algorithm_in_small_letters(signer: Signer, claims: dict[str, Any]) -> str:
    _header, payload, signature = signer.sign(claims).split(".")
    return f"{part({'alg': 'rs256', 'kid': signer.kid})}.{payload}.{signature}"


@pytest.mark.parametrize(
    ("forge", "reason"),
    [
        (with_none, TrustRefusal.MALFORMED),
        (with_none_and_a_signature, TrustRefusal.ALGORITHM),
        (with_hs256_and_the_public_key, TrustRefusal.ALGORITHM),
        (with_hs256_and_the_modulus, TrustRefusal.ALGORITHM),
        *[(with_another_algorithm(name), TrustRefusal.ALGORITHM) for name in ("RS384", "RS512", "PS256")],
        (with_es256, TrustRefusal.ALGORITHM),
        (with_the_algorithm_in_small_letters, TrustRefusal.ALGORITHM),
    ],
)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_only_rs256_signs(
    trust: FederatedTrust,
    signer: Signer,
    now: datetime,
    forge: Callable[[Signer, dict[str, Any]], str],
    reason: TrustRefusal,
) -> None:
    assert refusal(trust, forge(signer, claims_at(now)), now) == reason


@pytest.mark.parametrize("said", [{"alg": "HS256"}, {"alg": "RS256"}, {"alg": "none"}], ids=str)
def test_hs256_with_the_public_key_is_no_signature_whatever_the_header_says(
    trust: FederatedTrust, signer: Signer, now: datetime, said: dict[str, str]
) -> None:
    header, payload, signature = with_hs256_and_the_public_key(signer, claims_at(now)).split(".")
    forged = f"{part({**said, 'kid': signer.kid})}.{payload}.{signature}"

    assert header != ""
    assert refusal(trust, forged, now) in (TrustRefusal.ALGORITHM, TrustRefusal.SIGNATURE)


def test_another_key_under_a_published_id_is_refused(
    trust: FederatedTrust, signer: Signer, other_signer: Signer, now: datetime
) -> None:
    text = other_signer.sign(claims_at(now), kid=signer.kid)

    assert refusal(trust, text, now) == TrustRefusal.SIGNATURE


def test_a_published_key_of_another_id_is_refused(
    trust: FederatedTrust, key_server: KeyServer, signer: Signer, other_signer: Signer, now: datetime
) -> None:
    key_server.published.append(other_signer.published)

    assert refusal(trust, signer.sign(claims_at(now), kid=other_signer.kid), now) == TrustRefusal.SIGNATURE
    assert refusal(trust, other_signer.sign(claims_at(now)), now) is None


def test_an_unknown_key_is_refused(trust: FederatedTrust, other_signer: Signer, now: datetime) -> None:
    assert refusal(trust, other_signer.sign(claims_at(now)), now) == TrustRefusal.KEY


@pytest.mark.parametrize("kid", [None, "", 1, ["first"], {"first": 1}], ids=str)
def test_a_key_without_a_proper_id_is_refused(
    trust: FederatedTrust, signer: Signer, now: datetime, kid: Any
) -> None:
    _header, payload, signature = signer.sign(claims_at(now)).split(".")
    header = {"alg": "RS256"} if kid is None else {"alg": "RS256", "kid": kid}

    assert refusal(trust, f"{part(header)}.{payload}.{signature}", now) == TrustRefusal.KEY


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_changed_letter_is_refused(
    trust: FederatedTrust, signer: Signer, now: datetime, place: int
) -> None:
    parts = signer.sign(claims_at(now)).split(".")
    if place == 0:
        parts[0] = part({"alg": "RS256", "kid": signer.kid, "typ": "jwt"})
    elif place == 1:
        parts[1] = part(claims_at(now, exp=int(now.timestamp()) + HOUR + 1))
    else:
        parts[2] = ("A" if parts[2][0] != "A" else "B") + parts[2][1:]

    assert refusal(trust, ".".join(parts), now) == TrustRefusal.SIGNATURE


def own_keys(signer: Signer) -> dict[str, Any]:
    """Header parameters that bring a key, or say where one is."""
    return {
        "jwk": signer.key.as_dict(private=False),
        "jku": "https://localhost/keys",
        "x5u": "https://localhost/certificate",
        "x5c": ["MIIB"],
    }


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c"])
def test_a_key_that_the_header_brings_is_not_used(
    trust: FederatedTrust,
    key_server: KeyServer,
    signer: Signer,
    other_signer: Signer,
    now: datetime,
    name: str,
) -> None:
    brought = {name: own_keys(other_signer)[name]}

    assert (
        refusal(trust, other_signer.sign(claims_at(now), kid=signer.kid, **brought), now)
        == TrustRefusal.SIGNATURE
    )
    assert refusal(trust, other_signer.sign(claims_at(now), **brought), now) == TrustRefusal.KEY
    assert len(key_server.asked) == 1  # for the published keys, and nowhere else


def test_header_parameters_that_nobody_knows_are_ignored(
    trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    text = signer.sign(claims_at(now), x5t=signer.kid, nonce="n")

    assert refusal(trust, text, now) is None


# --- form --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"b64": False},
        {"b64": False, "crit": ["b64"]},
        {"b64": True},
    ],
    ids=str,
)
def test_critical_header_parameters_are_refused(
    trust: FederatedTrust, signer: Signer, now: datetime, changed: dict[str, Any]
) -> None:
    _header, payload, signature = signer.sign(claims_at(now)).split(".")
    header = {"alg": "RS256", "kid": signer.kid, **changed}

    assert refusal(trust, f"{part(header)}.{payload}.{signature}", now) == TrustRefusal.MALFORMED


LONG_NUMBER = b'{"exp": %s}' % (b"9" * 9000)


def malformed(text: str) -> dict[str, str]:
    """Assertions that are none, made from a good one."""
    header, payload, signature = text.split(".")
    return {
        "empty": "",
        "one part": header,
        "two parts": f"{header}.{payload}",
        "no signature": f"{header}.{payload}.",
        "no claims": f"{header}..{signature}",
        "one dot more": f"{text}.",
        "two dots more": f"{text}..",
        "five parts": f"{text}.{payload}.{signature}",
        "a blank before": f" {text}",
        "a line break after": f"{text}\n",
        "a line break inside": f"{header}.{payload}.{signature[:20]}\n{signature[20:]}",
        "padded": f"{header}=.{payload}.{signature}",
        "standard base64": f"{header}.{payload}.+/{signature[2:]}",
        "other letters": f"{header}.{payload}.é{signature[1:]}",
        "full stops of another alphabet": text.replace(".", "。"),
        "with its type": f"Bearer {text}",
        "JSON form": json.dumps({"payload": payload, "protected": header, "signature": signature}),
        "header a list": f"{part(['alg'])}.{payload}.{signature}",
        "header text": f"{part('alg')}.{payload}.{signature}",
        "header a number": f"{part(1)}.{payload}.{signature}",
        "header no JSON": f"{part(b'alg')}.{payload}.{signature}",
        "header no UTF-8": f"{part(bytes([0xFF, 0xFE, 0xFD]))}.{payload}.{signature}",
        "header deep": f"{part(b'[' * 9000)}.{payload}.{signature}",
        "claims a list": f"{header}.{part([])}.{signature}",
        "claims null": f"{header}.{part(None)}.{signature}",
        "claims no JSON": f"{header}.{part(b'{')}.{signature}",
        "claims deep": f"{header}.{part(b'[' * 9000)}.{signature}",
        "claims a long number": f"{header}.{part(b'9' * 9000)}.{signature}",
        "a number of 9000 digits": f"{header}.{part(LONG_NUMBER)}.{signature}",
        "one letter of base64": f"A.{payload}.{signature}",
    }


def test_what_is_no_assertion_is_malformed(trust: FederatedTrust, signer: Signer, now: datetime) -> None:
    for name, text in malformed(signer.sign(claims_at(now))).items():
        assert refusal(trust, text, now) == TrustRefusal.MALFORMED, name


def test_size_has_a_limit(trust: FederatedTrust, signer: Signer, now: datetime) -> None:
    fits = signer.sign(claims_at(now, padding="x" * 10_000))

    assert len(fits) < LONGEST
    assert refusal(trust, fits, now) is None
    assert refusal(trust, signer.sign(claims_at(now, padding="x" * LONGEST)), now) == TrustRefusal.TOO_LARGE
    assert refusal(trust, "x" * 1_000_000, now) == TrustRefusal.TOO_LARGE


def test_a_signature_of_any_length_is_only_wrong(
    trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    header, payload, signature = signer.sign(claims_at(now)).split(".")

    for wrong in ("A", "AA", "AAAA", signature[:-4], f"{signature}AAAA", "A" * 5000):
        assert refusal(trust, f"{header}.{payload}.{wrong}", now) == TrustRefusal.SIGNATURE


def test_a_key_with_a_long_modulus_signs_too(
    trust: FederatedTrust, key_server: KeyServer, now: datetime
) -> None:
    strong = Signer("strong", RSAKey.generate_key(4096, private=True))
    key_server.published.append(strong.published)

    assert refusal(trust, strong.sign(claims_at(now)), now) is None
