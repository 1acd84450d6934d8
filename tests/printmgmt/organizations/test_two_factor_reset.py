"""Reset of a colleague's two-factor authentication by an owner or the host, with a reason and two mails."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from printmgmt.audit.models import AuditEvent
from printmgmt.mail.models import Mail
from printmgmt.organizations.models import Account, Administrator, Organization
from printmgmt.organizations.roles import Role
from tests import factories
from tests.due import outbox

pytestmark = pytest.mark.django_db

REASON = "Lost the phone, confirmed by a call"


def guarded(account: Account) -> Account:
    """With an authenticator app, recovery codes and a passkey."""
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(account)
    Authenticator.objects.create(user=account, type="webauthn", data={})
    return account


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def hank(contoso: Organization) -> Administrator:
    """A colleague with every kind of second factor, who reads French."""
    hank = factories.administrator(contoso, Role.HELPDESK, who=factories.account("hank@contoso.example"))
    Account.objects.filter(pk=guarded(hank.account).pk).update(language="fr")
    return hank


def reset(browser: Client, administrator: Administrator, reason: str = REASON) -> str:
    where = {"organization": administrator.organization.slug, "administrator": administrator.pk}
    url = reverse("console:administrator_two_factor_reset", kwargs=where)
    answer = browser.post(url, {"reason": reason}, follow=True)
    return str(answer.content.decode())


def factors(account: Account) -> int:
    return int(Authenticator.objects.filter(user=account).count())


def test_an_owner_resets_it_the_sessions_end_and_both_are_notified(
    contoso: Organization, hank: Administrator
) -> None:
    owner = factories.administrator(contoso)
    elsewhere = Client()
    Authenticator.objects.filter(user=hank.account).delete()
    elsewhere.post(reverse("account_login"), {"login": hank.account.email, "password": factories.PASSWORD})
    guarded(hank.account)
    dashboard = reverse("console:dashboard", kwargs={"organization": contoso.slug})
    assert elsewhere.get(dashboard).status_code == 200
    bystander = guarded(factories.administrator(contoso).account)

    html = reset(factories.entered(owner.account), hank)

    assert "Two-factor authentication was reset for hank@contoso.example." in html
    assert factors(hank.account) == 0
    assert factors(bystander) == 3
    assert not UserSession.objects.filter(user=hank.account).exists()
    assert elsewhere.get(dashboard).status_code == 302
    to_hank, to_owner = outbox()
    assert (to_hank.to, to_owner.to) == ([hank.account.email], [owner.account.email])
    assert REASON in to_hank.body
    assert REASON in to_owner.body
    event = AuditEvent.objects.get(organization=contoso, verb="administrator.two-factor-reset")
    assert event.reason == REASON
    assert event.details is not None
    assert event.details["removed"] == "recovery_codes, totp, webauthn"


def test_a_reset_asks_for_the_password_first(contoso: Organization, hank: Administrator) -> None:
    browser = Client()
    browser.force_login(factories.administrator(contoso).account)

    assert "Confirm" in reset(browser, hank)

    assert factors(hank.account) == 3


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501, "a\0b"])
def test_without_a_reason_nothing_is_reset(contoso: Organization, hank: Administrator, reason: str) -> None:
    html = reset(factories.signed_in(contoso), hank, reason)

    assert "Enter a reason" in html
    assert factors(hank.account) == 3
    assert outbox() == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.HELPDESK, Role.AUDITOR])
def test_only_owners_reset(contoso: Organization, hank: Administrator, role: Role) -> None:
    reset(factories.signed_in(contoso, role), hank)

    assert factors(hank.account) == 3


def test_an_owner_cannot_reset_the_own_one_so(contoso: Organization) -> None:
    owner = factories.administrator(contoso)
    guarded(owner.account)

    assert "Another owner must decide this." in reset(factories.entered(owner.account), owner)

    assert factors(owner.account) == 3


@pytest.mark.parametrize("more", ["another organization", "host staff"])
def test_what_guards_more_than_this_organization_is_the_hosts_to_reset(
    contoso: Organization, hank: Administrator, more: str
) -> None:
    if more == "host staff":
        Account.objects.filter(pk=hank.account_id).update(is_staff=True)
    else:
        factories.administrator(factories.organization("Fabrikam"), who=hank.account)

    assert "Ask the host" in reset(factories.signed_in(contoso), hank)

    assert factors(hank.account) == 3


def test_who_has_none_leaves_nothing_to_reset(contoso: Organization) -> None:
    bob = factories.administrator(contoso, Role.HELPDESK)

    assert "no two-factor authentication to reset" in reset(factories.signed_in(contoso), bob)
    assert not AuditEvent.objects.filter(verb="administrator.two-factor-reset").exists()


def test_it_is_reset_while_the_mail_server_is_away_and_both_are_notified_later(
    contoso: Organization, hank: Administrator, settings: object
) -> None:
    working = settings.EMAIL_BACKEND  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]

    assert "Two-factor authentication was reset for hank@contoso.example." in reset(
        factories.signed_in(contoso), hank
    )

    assert factors(hank.account) == 0
    assert outbox() == []
    settings.EMAIL_BACKEND = working  # type: ignore[attr-defined]
    Mail.objects.update(due_at=timezone.now())
    assert len(outbox()) == 2
