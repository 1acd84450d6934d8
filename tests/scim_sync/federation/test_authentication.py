"""A client that shows an assertion: which trust it is of, and what the administrator sees of a refusal."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from addons.models import Installation
from scim_sync.federation.authentication import NOTED_EACH, Proven, authenticate, use_trust
from scim_sync.federation.exceptions import AssertionRefused
from scim_sync.federation.refusals import REFUSALS
from scim_sync.federation.trusts import add_trust, change_trust, end_trust
from scim_sync.models import FederatedTrust, TrustRefusal
from tests import factories
from tests.scim_sync.conftest import the_installation, the_organization
from tests.scim_sync.federation.entra import (
    APPLICATION,
    ISSUER,
    OTHER_TENANT,
    PASTED,
    SUBJECT,
    TENANT,
    Signer,
    claims_at,
)
from tests.scim_sync.federation.key_server import KeyServer

pytestmark = pytest.mark.django_db

ADDRESS = "20.0.0.1"
OTHER_SUBJECT = "886313e1-3b8a-5372-9b90-0c9aee199e5d"

Show = Callable[..., Proven]


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def show(installation: Installation, now: datetime) -> Show:
    """Show Contoso's installation an assertion."""

    def shown(assertion: str, client_id: str = "", *, at: datetime = now) -> Proven:
        return authenticate(installation, assertion=assertion, client_id=client_id, now=at, address=ADDRESS)

    return shown


def refused(show: Show, assertion: str, client_id: str = "", **more: datetime) -> TrustRefusal:
    with pytest.raises(AssertionRefused) as error:
        show(assertion, client_id, **more)
    return error.value.reason


def noted(trust: FederatedTrust) -> tuple[str, datetime | None]:
    trust.refresh_from_db()
    return trust.refusal, trust.refused_at


def test_an_access_token_may_outlive_the_assertion_by_an_hour(
    show: Show, trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    proven = show(signer.sign(claims_at(now)), str(trust.pk))

    assert proven == Proven(trust, now + timedelta(hours=2))
    assert noted(trust) == ("", None)


def test_the_same_assertion_again_is_accepted_until_it_expires(
    show: Show, trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    text = signer.sign(claims_at(now))

    ends = {show(text, at=now + timedelta(minutes=minutes)).until for minutes in (0, 1, 30, 60)}

    assert ends == {now + timedelta(hours=2)}
    assert refused(show, text, at=now + timedelta(minutes=61)) == TrustRefusal.EXPIRED


def test_without_a_client_identifier_the_assertion_says_whose_it_is(
    show: Show, installation: Installation, trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    other = add_trust(installation, **{**PASTED, "subject": OTHER_SUBJECT}, by=factories.TESTER)

    assert show(signer.sign(claims_at(now))).trust == trust
    assert show(signer.sign(claims_at(now, sub=OTHER_SUBJECT))).trust == other


def test_a_foreign_client_identifier_is_refused(
    show: Show, trust: FederatedTrust, other_signer: Signer, signer: Signer, now: datetime
) -> None:
    fabrikam = the_installation(the_organization("Fabrikam"))
    foreign = add_trust(fabrikam, **PASTED, by=factories.TESTER)

    for client_id in (
        str(foreign.pk),
        APPLICATION,
        str(trust.pk).upper(),
        f"{trust.pk} ",
        "x" * 5000,
        "\x00",
    ):
        assert refused(show, signer.sign(claims_at(now)), client_id) == TrustRefusal.CLIENT
    assert noted(trust) == (TrustRefusal.CLIENT, now)
    assert noted(foreign) == ("", None)


def test_the_client_identifier_of_another_trust_is_refused(
    show: Show, installation: Installation, trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    other = add_trust(installation, **{**PASTED, "subject": OTHER_SUBJECT}, by=factories.TESTER)

    assert refused(show, signer.sign(claims_at(now)), str(other.pk)) == TrustRefusal.SUBJECT
    assert noted(other) == (TrustRefusal.SUBJECT, now)
    assert noted(trust) == ("", None)


def test_an_assertion_is_worth_nothing_at_another_installation(
    trust: FederatedTrust, key_server: KeyServer, signer: Signer, now: datetime
) -> None:
    fabrikam = the_installation(the_organization("Fabrikam"))

    with pytest.raises(AssertionRefused):
        authenticate(
            fabrikam, assertion=signer.sign(claims_at(now)), client_id=str(trust.pk), now=now, address=None
        )

    assert key_server.asked == []
    assert noted(trust) == ("", None)


def test_a_refusal_is_noted_at_the_trust_that_was_meant(
    show: Show, installation: Installation, trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    other = add_trust(installation, **{**PASTED, "subject": OTHER_SUBJECT}, by=factories.TESTER)

    assert refused(show, signer.sign(claims_at(now, aud=OTHER_TENANT))) == TrustRefusal.AUDIENCE
    assert noted(trust) == (TrustRefusal.AUDIENCE, now)
    assert noted(other) == ("", None)
    assert trust.refused_address == ADDRESS


def test_the_same_refusal_is_written_once_a_minute_and_another_at_once(
    show: Show, trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    wrong = signer.sign(claims_at(now, aud=OTHER_TENANT))
    soon, later = now + NOTED_EACH - timedelta(seconds=1), now + NOTED_EACH

    refused(show, wrong)
    refused(show, wrong, at=soon)
    assert noted(trust) == (TrustRefusal.AUDIENCE, now)
    refused(show, "no assertion", at=soon)
    assert noted(trust) == (TrustRefusal.MALFORMED, soon)
    refused(show, "no assertion", at=later)
    assert noted(trust) == (TrustRefusal.MALFORMED, soon)
    refused(show, "no assertion", at=later + NOTED_EACH)
    assert noted(trust) == (TrustRefusal.MALFORMED, later + NOTED_EACH)


def test_a_use_after_a_refusal_makes_it_past(
    show: Show, trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    refused(show, "no assertion")
    trust.refresh_from_db()
    assert trust.is_refused

    use_trust(show(signer.sign(claims_at(now))).trust, now=now + timedelta(seconds=1), address=ADDRESS)

    trust.refresh_from_db()
    assert not trust.is_refused
    assert (trust.last_used_at, trust.last_used_address) == (now + timedelta(seconds=1), ADDRESS)


def test_a_trust_that_is_switched_off_accepts_nothing(
    show: Show, trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    text = signer.sign(claims_at(now))
    proven = show(text)
    end_trust(trust, by=factories.TESTER)

    assert refused(show, text) == refused(show, text, str(trust.pk)) == TrustRefusal.SWITCHED_OFF
    with pytest.raises(AssertionRefused):  # a request that had read it before
        use_trust(proven.trust, now=now, address=ADDRESS)


def test_a_trust_that_changed_in_the_meantime_gives_no_token(
    show: Show, trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    proven = show(signer.sign(claims_at(now)))
    change_trust(trust, **{**PASTED, "subject": OTHER_SUBJECT}, by=factories.TESTER)

    with pytest.raises(AssertionRefused):
        use_trust(proven.trust, now=now, address=ADDRESS)


def test_a_live_trust_is_meant_rather_than_one_that_is_switched_off(
    show: Show, installation: Installation, trust: FederatedTrust, signer: Signer, now: datetime
) -> None:
    end_trust(trust, by=factories.TESTER)
    again = add_trust(installation, **PASTED, by=factories.TESTER)

    assert show(signer.sign(claims_at(now))).trust == again


def test_without_any_trust_everything_is_refused(show: Show, signer: Signer, now: datetime) -> None:
    assert refused(show, signer.sign(claims_at(now))) == TrustRefusal.CLIENT
    assert refused(show, "no assertion") == TrustRefusal.MALFORMED


@pytest.mark.parametrize("host", ["login.microsoftonline.us", "login.partner.microsoftonline.cn"])
def test_tenants_of_other_clouds_connect_with_their_own_issuer_only(
    installation: Installation,
    show: Show,
    key_server: KeyServer,
    signer: Signer,
    now: datetime,
    host: str,
) -> None:
    issuer = f"https://{host}/{TENANT}/v2.0"
    key_server.published[:] = [{**signer.published, "issuer": f"https://{host}/{{tenantid}}/v2.0"}]
    made = add_trust(installation, issuer=issuer, subject=SUBJECT, audience=APPLICATION, by=factories.TESTER)

    assert show(signer.sign(claims_at(now, iss=issuer))).trust == made
    assert refused(show, signer.sign(claims_at(now, iss=ISSUER))) == TrustRefusal.ISSUER


def test_the_queries_of_one_assertion(
    show: Show,
    trust: FederatedTrust,
    signer: Signer,
    now: datetime,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    text = signer.sign(claims_at(now))
    show(text)

    with django_assert_num_queries(2):  # the trusts, the keys
        proven = show(text, str(trust.pk))
    with django_assert_num_queries(1):
        use_trust(proven.trust, now=now, address=ADDRESS)


def test_every_refusal_has_words_and_advice() -> None:
    assert set(REFUSALS) == set(TrustRefusal)
    assert all(str(words.what) and str(words.fix) for words in REFUSALS.values())
