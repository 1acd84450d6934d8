"""The door: one good way in, and every other one is the same 401 with its reason in our own log."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import pause, resume, uninstall
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from scim_sync.credentials import tokens
from scim_sync.models import Action, ProvisioningEvent, Result, ScimToken
from scim_sync.provisioning_log.reasons import Reason
from tests import factories
from tests.factories import TESTER
from tests.scim_sync.client import DISABLE, Answer, Scim
from tests.scim_sync.kept_log import kept_log

BAD = [
    "",
    " ",
    "Bearer",
    "Bearer ",
    "bearer  ",
    "Bearer\t",
    "Bearer null",
    "Bearer undefined",
    "Bearer None",
    "Bearer true",
    "Bearer *",
    "Bearer %",
    "Bearer '",
    "Bearer ' OR 1=1 --",
    'Bearer "{token}"',
    "Bearer '{token}'",
    "Bearer <{token}>",
    "Bearer Bearer {token}",
    "Bearer={token}",
    "Bearer:{token}",
    "Bearer,{token}",
    "Bearer {token},",
    "Bearer {token} x",
    "Bearer {token}x",
    "Bearer {token}=",
    "Bearer x{token}",
    "Bearer {short}",
    "Bearer {upper}",
    "Bearer {reversed}",
    "Bearer {prefix}",
    "Bearer {prefix}_",
    "Bearer {prefix}_{zeros}",
    "Bearer {secret}",
    "Bearer _{secret}",
    "Bearer pmscim__{secret}",
    "Bearer {digest}",
    "Bearer {prefix}_{digest}",
    "Bearer {long}",
    "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
    "Bearer \u00fcmlaut",
    "{token}",
    "Basic {token}",
    "Basic {basic}",
    "Token {token}",
    "Digest username={token}",
    "Negotiate {token}",
]


def filled(form: str, token: str) -> str:
    mark, prefix, secret = token.split("_")
    return form.format(
        token=token,
        prefix=f"{mark}_{prefix}",
        secret=secret,
        short=token[:-1],
        upper=token.upper(),
        reversed=token[::-1],
        zeros="0" * 64,
        digest=ScimToken.objects.get().digest,
        long=token + "0" * 5000,
        basic=base64.b64encode(f"scim:{token}".encode()).decode(),
    )


def is_uniform_refusal(answer: Answer) -> bool:
    return (
        answer.status == 401
        and answer.headers["WWW-Authenticate"] == 'Bearer realm="scim"'
        and answer.body["detail"] == "The secret token is missing, wrong, expired or revoked"
    )


@pytest.mark.parametrize("form", BAD)
def test_a_bad_authorization_is_refused(scim: Scim, alice: PrintUser, form: str) -> None:
    answer = scim.get("/Users", Authorization=filled(form, scim.token))

    assert is_uniform_refusal(answer)
    event = ProvisioningEvent.objects.get(action=Action.SIGN_IN)
    assert set(event.reasons) <= {Reason.TOKEN_MISSING, Reason.TOKEN_MALFORMED, Reason.TOKEN_UNKNOWN}
    assert len(event.reasons) == 1
    assert scim.token not in kept_log()


@pytest.mark.parametrize("form", ["Bearer {token}", "bearer {token}", "BEARER  {token} "])
def test_the_scheme_is_read_in_any_letter_case(scim: Scim, form: str) -> None:
    assert scim.get("/Users", Authorization=filled(form, scim.token)).status == 200


@pytest.mark.rfc("7644", "7.5.2")
@pytest.mark.parametrize("place", ["access_token", "token", "Authorization"])
def test_a_token_in_the_address_or_body_is_no_credential(scim: Scim, place: str) -> None:
    assert is_uniform_refusal(scim.get(f"/Users?{place}={scim.token}", Authorization=""))
    assert is_uniform_refusal(scim.post({place: scim.token, "userName": "x"}, Authorization=""))
    assert scim.token not in kept_log()


def expire(installation: Installation) -> None:
    ScimToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def revoke(installation: Installation) -> None:
    tokens.revoke_all(installation, by=TESTER)


def paused(installation: Installation) -> None:
    pause(installation, by=TESTER)


def uninstalled(installation: Installation) -> None:
    uninstall(installation, Disposition.KEEP, by=TESTER)


ENDS = [
    (expire, Reason.TOKEN_EXPIRED),
    (revoke, Reason.TOKEN_REVOKED),
    (paused, Reason.PAUSED),
    (uninstalled, Reason.UNINSTALLED),
]


@pytest.mark.rfc("7644", "7.3")
@pytest.mark.rfc("7644", "2.1")
@pytest.mark.parametrize(("end", "reason"), ENDS)
def test_an_ended_token_is_refused_at_the_next_call(
    scim: Scim,
    alice: PrintUser,
    installation: Installation,
    end: Callable[[Installation], None],
    reason: Reason,
) -> None:
    assert scim.user(alice.pk).status == 200
    end(installation)

    answers = [scim.get("/Users"), scim.post({"userName": "x"}), scim.patch(alice.pk, DISABLE)]
    answers += [scim.delete(alice.pk), scim.get("/Schemas"), scim.get("/nowhere")]

    assert all(map(is_uniform_refusal, answers))
    alice.refresh_from_db()
    assert alice.active
    event = ProvisioningEvent.objects.get(action=Action.SIGN_IN)
    assert (event.reasons, event.result, event.status, event.count) == ([reason], Result.REFUSED, 401, 6)
    assert event.token == ScimToken.objects.get()
    assert event.body.response == answers[0].body


def test_resuming_opens_the_door_again(scim: Scim, installation: Installation) -> None:
    pause(installation, by=TESTER)
    resume(installation, by=TESTER)

    assert scim.get("/Users").status == 200


@pytest.mark.rfc("7644", "6.1")
@pytest.mark.rfc("7644", "2.1")
def test_a_token_opens_only_its_own_installation(scim: Scim, other_scim: Scim, charlie: PrintUser) -> None:
    answer = Scim(other_scim.base, scim.token).user(charlie.pk)

    assert is_uniform_refusal(answer)
    event = ProvisioningEvent.objects.get(action=Action.SIGN_IN)
    assert str(event.installation_id) in other_scim.base
    assert (event.reasons, event.token) == ([Reason.TOKEN_FOREIGN], None)


@pytest.mark.parametrize(
    "address", ["00000000-0000-0000-0000-000000000000", "x", "%00", "' OR 1=1", "..", "\u0661" * 32]
)
def test_an_address_nobody_has_is_401_and_logged_nowhere(scim: Scim, address: str) -> None:
    assert is_uniform_refusal(Scim(f"/scim/v2/{address}", scim.token).get("/Users"))
    assert not ProvisioningEvent.objects.exists()


@pytest.mark.rfc("7644", "7.4")
def test_a_console_session_is_no_credential(scim: Scim, installation: Installation) -> None:
    owner = factories.administrator(installation.organization).account
    client = Client()
    client.force_login(owner)

    response = client.get(f"{scim.base}/Users")

    assert response.status_code == 401
    assert response["Content-Type"] == "application/scim+json"


def test_a_token_opens_no_console_page(scim: Scim, contoso: Organization) -> None:
    page = reverse("console:people", kwargs={"organization": contoso.slug})

    response = Client().get(page, headers={"Authorization": f"Bearer {scim.token}"})

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.rfc("7644", "7.4")
def test_scim_sets_no_cookie(scim: Scim, alice: PrintUser) -> None:
    for answer in (scim.get("/Users"), scim.get("/Users", Authorization="")):
        assert "Set-Cookie" not in answer.headers


def test_refusals_are_one_row_a_reason_and_day(scim: Scim) -> None:
    for n in range(3):
        scim.get(f"/Users?filter=userName+eq+%22{n}%22", Authorization="Bearer wrong")
        scim.get(f"/Users/{n}", Authorization="")

    counted = ProvisioningEvent.objects.values_list("reasons", "counter__count")
    assert sorted(counted) == [([Reason.TOKEN_MISSING], 3), ([Reason.TOKEN_UNKNOWN], 3)]


def test_a_renewed_token_works_beside_the_old_one(scim: Scim, installation: Installation) -> None:
    renewed = Scim(scim.base, tokens.rotate_token(installation, by=TESTER, label="new"))

    assert (scim.get("/Users").status, renewed.get("/Users").status) == (200, 200)
    tokens.revoke_token(ScimToken.objects.get(label="First token"), by=TESTER)
    assert (scim.get("/Users").status, renewed.get("/Users").status) == (401, 200)
