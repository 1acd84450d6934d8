"""The host's staff resets the two-factor authentication of an account."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Account
from tests import factories
from tests.due import outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Account:
    account = Account.objects.create_superuser("root@host.example", factories.PASSWORD)
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    return account


def page_of(account: Account) -> str:
    return reverse("admin:organizations_account_two_factor_reset", args=[account.pk])


def test_staff_resets_it_with_a_reason_and_every_organization_reads_it(root: Account) -> None:
    contoso, fabrikam = factories.organization("Contoso"), factories.organization("Fabrikam")
    other = factories.organization("Other")
    ada = factories.administrator(contoso).account
    factories.administrator(fabrikam, who=ada)
    TOTP.activate(ada, "JBSWY3DPEHPK3PXP")
    staff = factories.entered(root)
    change = reverse("admin:organizations_account_change", args=[ada.pk])
    assert page_of(ada) in staff.get(change).content.decode()
    assert '<label for="reason">Reason</label>' in staff.get(page_of(ada)).content.decode()

    answer = staff.post(page_of(ada), {"reason": "Passport seen"})

    assert answer["Location"] == change
    assert not Authenticator.objects.filter(user=ada).exists()
    events = AuditEvent.objects.filter(verb="host.two-factor-reset")
    assert {event.organization for event in events} == {contoso, fabrikam}
    assert {event.reason for event in events} == {"Passport seen"}
    assert not AuditEvent.objects.filter(organization=other).exists()
    assert LogEntry.objects.filter(user=root, object_id=str(ada.pk)).count() == 1
    assert [message.to for message in outbox()] == [[ada.email], [root.email]]


def test_staff_cannot_reset_the_own_one(root: Account) -> None:
    factories.entered(root).post(page_of(root), {"reason": "I lost it"})

    assert Authenticator.objects.filter(user=root).exists()


def test_without_a_reason_or_the_password_nothing_is_reset(root: Account) -> None:
    ada = factories.administrator(factories.organization()).account
    TOTP.activate(ada, "JBSWY3DPEHPK3PXP")

    factories.entered(root).post(page_of(ada), {"reason": " "})
    stale = Client()
    stale.force_login(root)
    response = stale.post(page_of(ada), {"reason": "Passport seen"})

    assert "reauthenticate" in response["Location"]
    assert Authenticator.objects.filter(user=ada).exists()
    assert outbox() == []


def test_an_administrator_of_a_customer_does_not_reach_it(root: Account) -> None:
    owner = factories.administrator(factories.organization()).account
    TOTP.activate(owner, "JBSWY3DPEHPK3PXP")

    assert factories.entered(owner).post(page_of(root), {"reason": "x"}, follow=True).status_code == 403

    assert Authenticator.objects.filter(user=root).exists()
