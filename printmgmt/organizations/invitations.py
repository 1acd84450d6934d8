"""Invites administrators with a link by mail, which is valid for seven days and works once."""

import hashlib
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from printmgmt.mail.outbox import post, withdraw
from printmgmt.organizations.administrators import may_give
from printmgmt.organizations.email_addresses import InvalidAddress, normal_address
from printmgmt.organizations.models import Account, Administrator, Invitation, Organization
from printmgmt.organizations.permissions import ADMINISTER
from printmgmt.organizations.roles import Role

LIFETIME = timedelta(days=7)

INVITATION = "invitation"
"""The kind of its mail."""


class InvitationError(Exception):
    """An invitation cannot be sent or used. ``str()`` is a translated sentence to show to people."""


def invite(organization: Organization, email: str, role: Role, *, by: Administrator) -> Invitation:
    """Invite an email address, order the mail with the link, and return the invitation.

    One that has expired is renewed. Raises InvitationError when ``by`` may not give the role, or the address
    is none, is invited already or administers the organization.
    """
    try:
        email = normal_address(email)
    except InvalidAddress as error:
        raise InvitationError(str(error)) from error
    _check_return(organization, email, by=by)
    if organization.administrators.active().filter(account__email=email).exists():
        raise InvitationError(_("%(email)s is already an administrator.") % {"email": email})
    taken = _("%(email)s is already invited. You can send the email again.") % {"email": email}
    known = Invitation.objects.filter(organization=organization, email=email, accepted_at__isnull=True)
    expired = known.filter(expires_at__lte=timezone.now()).first()
    if expired is not None:
        expired.role = role
        renew(expired, by=by)
        return expired
    invitation = Invitation(organization=organization, email=email, role=role)
    try:
        with transaction.atomic():
            renew(invitation, by=by)
    except IntegrityError as error:
        raise InvitationError(taken) from error
    return invitation


@transaction.atomic
def renew(invitation: Invitation, *, by: Administrator) -> None:
    """Order a mail with a new link, valid for seven days, from ``by``. The old link stops working.

    Raises InvitationError when ``by`` may not give its role.
    """
    if not may_give(by.role, invitation.role):
        raise InvitationError(_("Only an owner may invite an owner."))
    _check_return(invitation.organization, invitation.email, by=by)
    # Nobody knows this one: the link's is made when the mail is sent.
    invitation.token_digest = _digest(secrets.token_urlsafe(32))
    invitation.invited_by = by.account
    invitation.expires_at = timezone.now() + LIFETIME
    invitation.save()
    about = {"invitation": str(invitation.pk)}
    withdraw(INVITATION, about=about)
    post(
        INVITATION,
        about=about,
        organization=invitation.organization_id,
        language=get_language() or "",
    )


def new_token(invitation: Invitation) -> str:
    """Return a new token for the link of an invitation, of which only a digest is kept; one before is dead.

    The seven days begin now.
    """
    token = secrets.token_urlsafe(32)
    invitation.token_digest = _digest(token)
    invitation.expires_at = timezone.now() + LIFETIME
    Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True).update(
        token_digest=invitation.token_digest, expires_at=invitation.expires_at
    )
    return token


def find(token: str) -> Invitation | None:
    """Return the invitation with this token, or None if it was used, withdrawn, has expired or is unknown.

    An invitation is worth what its sender may still give: it ends with the sender's own access.
    """
    return _usable(Invitation.objects.select_related("organization", "invited_by"), token)


@transaction.atomic
def accept(token: str, account: Account) -> Administrator:
    """Make the invited account an administrator and return it. Raises InvitationError.

    Only the account with the invited address may: a link passed on opens nothing. Access that had ended
    comes back with the new role; a role the account has by now stays.
    """
    invitation = _usable(Invitation.objects.select_for_update(), token)
    if invitation is None or invitation.email != account.email or not account.is_active:
        raise InvitationError(_("This invitation no longer works. Ask for a new one."))
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    administrator, _made = Administrator.objects.select_for_update().get_or_create(
        organization=invitation.organization, account=account, defaults={"role": invitation.role}
    )
    if administrator.disabled_at is not None:
        if not _is_of_owner(invitation):
            raise InvitationError(_("Your access ended. Ask an owner to restore it."))
        administrator.role = invitation.role
        administrator.save(update_fields=["role"])
        administrator.open()
    return administrator


def _check_return(organization: Organization, email: str, *, by: Administrator) -> None:
    """Raise InvitationError if accepting would restore ended access, which only owners may do."""
    ended = organization.administrators.filter(account__email=email, disabled_at__isnull=False)
    if by.role not in ADMINISTER and ended.exists():
        raise InvitationError(
            _("Access ended for %(email)s. Only an owner can restore it.") % {"email": email}
        )


def _usable(invitations: QuerySet[Invitation], token: str) -> Invitation | None:
    invitation = invitations.filter(
        token_digest=_digest(token), accepted_at__isnull=True, expires_at__gt=timezone.now()
    ).first()
    if invitation is None:
        return None
    senders = Administrator.objects.active().filter(organization=invitation.organization_id)
    role = senders.filter(account=invitation.invited_by_id).values_list("role", flat=True).first()
    return invitation if role is not None and may_give(role, invitation.role) else None


def _is_of_owner(invitation: Invitation) -> bool:
    """Whether the sender of an invitation may still restore ended access."""
    senders = Administrator.objects.active().filter(organization=invitation.organization_id)
    return senders.filter(account=invitation.invited_by_id, role__in=ADMINISTER).exists()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
