"""Invitations: digest only, seven days, one use, one address, worth what the sender may still give."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from printmgmt.mail.models import Mail, MailState
from printmgmt.organizations.administrators import end_access
from printmgmt.organizations.invitations import InvitationError, accept, find, invite, new_token, renew
from printmgmt.organizations.models import Administrator, Invitation
from printmgmt.organizations.roles import Role
from tests import factories
from tests.due import outbox

pytestmark = pytest.mark.django_db

GRACE = "grace@contoso.example"


@pytest.fixture
def owner() -> Administrator:
    return factories.organization("Contoso").administrators.get()


def invited(by: Administrator, role: Role = Role.HELPDESK) -> tuple[Invitation, str]:
    invitation = invite(by.organization, GRACE, role, by=by)
    return invitation, new_token(invitation)


def test_only_a_digest_of_the_token_is_kept(owner: Administrator) -> None:
    invitation, token = invited(owner)

    kept = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(kept)
    assert find(token) == invitation


def test_invitation_is_good_for_seven_days(owner: Administrator) -> None:
    invitation, token = invited(owner)
    left = invitation.expires_at - timezone.now()

    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    Invitation.objects.update(expires_at=timezone.now())
    assert find(token) is None


def test_accepting_makes_an_administrator_once(owner: Administrator) -> None:
    _invitation, token = invited(owner)
    grace = factories.account(GRACE)

    assert accept(token, grace).role == Role.HELPDESK
    assert find(token) is None
    with pytest.raises(InvitationError):
        accept(token, grace)


def test_a_link_passed_on_opens_nothing(owner: Administrator) -> None:
    _invitation, token = invited(owner)

    with pytest.raises(InvitationError):
        accept(token, factories.account("mallory@contoso.example"))
    assert find(token) is not None


def test_account_switched_off_cannot_accept(owner: Administrator) -> None:
    _invitation, token = invited(owner)
    grace = factories.account(GRACE)
    grace.is_active = False
    grace.save()

    with pytest.raises(InvitationError):
        accept(token, grace)


def test_address_is_invited_once(owner: Administrator) -> None:
    invited(owner)

    with pytest.raises(InvitationError, match="already invited"):
        invite(owner.organization, GRACE.upper(), Role.AUDITOR, by=owner)


def test_expired_invitation_is_renewed_with_the_new_role(owner: Administrator) -> None:
    _invitation, old = invited(owner)
    Invitation.objects.update(expires_at=timezone.now())

    _again, token = invited(owner, Role.AUDITOR)

    found = find(token)
    assert found is not None
    assert found.role == Role.AUDITOR
    assert find(old) is None
    assert Invitation.objects.count() == 1


def test_new_link_kills_the_old_one(owner: Administrator) -> None:
    invitation, old = invited(owner)

    renew(invitation, by=owner)

    assert find(old) is None
    assert find(new_token(invitation)) == invitation


def test_administrator_is_not_invited_again(owner: Administrator) -> None:
    with pytest.raises(InvitationError, match="already an administrator"):
        invite(owner.organization, owner.account.email, Role.AUDITOR, by=owner)


def test_admin_invites_no_owner(owner: Administrator) -> None:
    admin = factories.administrator(owner.organization, Role.ADMIN)

    with pytest.raises(InvitationError):
        invited(admin, Role.OWNER)
    assert not Invitation.objects.exists()


def test_invitation_ends_with_its_senders_access(owner: Administrator) -> None:
    admin = factories.administrator(owner.organization, Role.ADMIN)
    _invitation, token = invited(admin)
    end_access(admin, by=owner)

    assert find(token) is None
    with pytest.raises(InvitationError):
        accept(token, factories.account(GRACE))


def test_who_had_access_before_comes_back_with_the_invited_role(owner: Administrator) -> None:
    grace = factories.administrator(owner.organization, Role.ADMIN, who=factories.account(GRACE))
    end_access(grace, by=owner)
    _invitation, token = invited(owner, Role.AUDITOR)

    assert accept(token, grace.account) == grace
    assert owner.organization.administrators.active().get(pk=grace.pk).role == Role.AUDITOR


def test_mail_carries_the_link_and_no_line_of_the_organizations_own(owner: Administrator) -> None:
    owner.organization.name = "Contoso\r\nBcc: mallory@evil.example"
    owner.organization.save()
    invitation = invite(owner.organization, GRACE, Role.HELPDESK, by=owner)

    [sent] = outbox()
    assert sent.to == [GRACE]
    assert "\n" not in sent.subject
    link = re.search(r"/invitation/(\S+)/", str(sent.body))
    assert link
    assert find(link[1]) == invitation


def test_asking_for_the_mail_again_before_it_left_sends_one_link(owner: Administrator) -> None:
    invitation = invite(owner.organization, GRACE, Role.HELPDESK, by=owner)
    renew(invitation, by=owner)

    assert len(outbox()) == 1


def test_a_mail_whose_invitation_was_withdrawn_meanwhile_is_not_sent(owner: Administrator) -> None:
    invite(owner.organization, GRACE, Role.HELPDESK, by=owner).delete()

    assert outbox() == []
    assert Mail.objects.get().state == MailState.NOT_NEEDED
