"""Two-factor authentication: set up, asked for at sign-in, required by an organization, secrets encrypted."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Account, Organization
from printmgmt.organizations.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXP"


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD)))


def entered(account: Account) -> Client:
    browser = Client()
    browser.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def strict(organization: Organization) -> Organization:
    Organization.objects.filter(pk=organization.pk).update(require_two_factor=True)
    return organization


def dashboard(organization: Organization) -> str:
    return reverse("console:dashboard", kwargs={"organization": organization.slug})


def test_app_is_set_up_with_recovery_codes_and_its_secret_is_encrypted() -> None:
    account = factories.account()
    browser = entered(account)
    page = browser.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'value="([A-Z2-7]{32})"', page)
    assert found

    done = browser.post(reverse("mfa_activate_totp"), {"code": code_of(found[1])}, follow=True)

    assert "Recovery codes" in done.content.decode()
    kept = Authenticator.objects.get(user=account, type="totp").data["secret"]
    assert found[1] not in kept
    assert get_adapter().decrypt(kept) == found[1]


def test_code_is_asked_for_after_the_password() -> None:
    account = factories.account()
    TOTP.activate(account, SECRET)
    browser = Client()

    response = browser.post(
        reverse("account_login"), {"login": account.email, "password": PASSWORD}, follow=True
    )
    assert "One more step" in response.content.decode()
    assert not response.wsgi_request.user.is_authenticated
    browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in browser.session
    browser.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert browser.session["_auth_user_id"] == str(account.pk)


@pytest.mark.django_db(transaction=True)
def test_setting_it_up_ends_sessions_opened_by_password_alone() -> None:
    account = factories.account()
    thief, owner = entered(account), entered(account)
    page = owner.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'value="([A-Z2-7]{32})"', page)
    assert found

    owner.post(reverse("mfa_activate_totp"), {"code": code_of(found[1])})

    assert thief.get(reverse("account")).status_code == 302
    assert owner.get(reverse("account")).status_code == 200


@pytest.mark.parametrize("role", Role)
def test_organization_that_requires_it_sends_who_has_none_to_set_it_up(role: Role) -> None:
    contoso = strict(factories.organization())

    answer = factories.signed_in(contoso, role).get(dashboard(contoso))

    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))


def test_htmx_is_sent_to_the_whole_page() -> None:
    contoso = strict(factories.organization())

    answer = factories.signed_in(contoso).get(dashboard(contoso), headers={"hx-request": "true"})

    assert answer["HX-Redirect"] == reverse("mfa_index")


def test_organization_that_requires_it_opens_to_who_has_it() -> None:
    contoso = strict(factories.organization())
    ada = factories.administrator(contoso)
    TOTP.activate(ada.account, SECRET)
    browser = Client()
    browser.force_login(ada.account)

    assert browser.get(dashboard(contoso)).status_code == 200


def test_recovery_codes_alone_are_no_second_factor() -> None:
    contoso = strict(factories.organization())
    ada = factories.administrator(contoso)
    RecoveryCodes.activate(ada.account)
    browser = Client()
    browser.force_login(ada.account)

    assert browser.get(dashboard(contoso)).status_code == 302


@pytest.mark.parametrize("has_it", [True, False])
def test_owner_requires_of_others_only_what_the_owner_has(has_it: bool) -> None:
    contoso = factories.organization()
    ada = factories.administrator(contoso)
    browser = entered(ada.account)
    if has_it:
        TOTP.activate(ada.account, SECRET)
    switch = reverse("console:administrator_two_factor", kwargs={"organization": contoso.slug})

    browser.post(switch, {"required": "yes"})

    contoso.refresh_from_db()
    assert contoso.require_two_factor is has_it
    verbs = list(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs == (["organization.two-factor-required"] if has_it else [])


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "usersessions_list",
        "account",
    ],
)
def test_pages_of_the_account_render_in_our_look(name: str) -> None:
    html = entered(factories.account()).get(reverse(name)).content.decode()

    assert 'class="plain-title"' in html


def test_sign_in_page_offers_a_passkey(client: Client) -> None:
    html = client.get(reverse("account_login")).content.decode()

    assert 'id="passkey_login"' in html
    assert 'id="mfa_login"' in html


def test_other_sessions_are_signed_out_by_one_button() -> None:
    account = factories.account()
    elsewhere, here = entered(account), entered(account)
    assert "Sign out everywhere else" in here.get(reverse("usersessions_list")).content.decode()

    here.post(reverse("usersessions_list"))

    assert elsewhere.get(reverse("account")).status_code == 302
    assert here.get(reverse("account")).status_code == 200
    assert UserSession.objects.filter(user=account).count() == 1


def test_address_of_an_account_is_not_changed_by_its_owner() -> None:
    account = factories.account()

    answer = entered(account).post(reverse("account_email"), {"action_add": "", "email": "new@x.example"})

    assert answer["Location"] == reverse("account")
    account.refresh_from_db()
    assert account.email != "new@x.example"


def test_language_of_the_account_wins_over_the_browsers() -> None:
    account = factories.account()
    browser = entered(account)

    browser.post(reverse("account"), {"name": "Ada", "language": "fr"})

    answer = browser.get(reverse("account"), headers={"accept-language": "en"})
    assert answer["Content-Language"] == "fr"
    assert Client().get(reverse("account_login"))["Content-Language"] == "en"


def test_language_that_is_not_offered_is_refused() -> None:
    account = factories.account()

    entered(account).post(reverse("account"), {"name": "Ada", "language": "../x"})

    account.refresh_from_db()
    assert account.language == ""


@pytest.mark.parametrize(("used_after", "again_after"), [(0, 33), (0, 59), (-30, 59), (-30, 31), (29, 59)])
def test_a_code_opens_no_second_session_as_long_as_it_is_valid(used_after: int, again_after: int) -> None:
    """A code is valid from one period before its own to the end of the one after: 90 seconds."""
    start = datetime(2026, 11, 28, 12, tzinfo=UTC)  # the beginning of a period
    account = factories.account()
    TOTP.activate(account, SECRET)
    code = format_hotp_value(hotp_value(SECRET, int(start.timestamp()) // 30))

    with time_machine.travel(start + timedelta(seconds=used_after)):
        first = with_code(account, code)
    with time_machine.travel(start + timedelta(seconds=again_after)):
        second = with_code(account, f"{code[:3]} {code[3:]}")

    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_a_used_code_is_not_forgotten_for_the_noise_of_others() -> None:
    account = factories.account()
    TOTP.activate(account, SECRET)
    code = code_of(SECRET)
    with_code(account, code)

    for number in range(400):
        cache.set(f"noise-{number}", number)

    assert "_auth_user_id" not in with_code(account, code).session


def test_the_code_that_set_the_app_up_signs_nobody_in() -> None:
    account = factories.account()
    browser = entered(account)
    page = browser.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'value="([A-Z2-7]{32})"', page)
    assert found
    code = code_of(found[1])
    browser.post(reverse("mfa_activate_totp"), {"code": code})
    assert Authenticator.objects.filter(user=account, type="totp").exists()

    assert "_auth_user_id" not in with_code(account, code).session


def with_code(account: Account, code: str) -> Client:
    browser = Client()
    browser.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    browser.post(reverse("mfa_authenticate"), {"code": code})
    return browser
