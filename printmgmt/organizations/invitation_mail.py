"""The mail to an invited administrator, with the link to accept."""

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from printmgmt.mail.kinds import MailKind, NotNeeded
from printmgmt.mail.models import Mail
from printmgmt.mail.one_line import one_line
from printmgmt.organizations.invitations import INVITATION, new_token
from printmgmt.organizations.models import Account, Invitation


class InvitationMail(MailKind):
    """To the invited address: in the language of its account, or of the sender where it has no account yet.

    Each mail gets a new link; the links of earlier mails stop working.
    """

    name = INVITATION

    def readers(self, mail: Mail) -> Mapping[str, list[str]]:
        invitation = _open(mail)
        account = Account.objects.filter(email=invitation.email).first()
        return {(account and account.language) or mail.language: [invitation.email]}

    def compose(self, mail: Mail) -> tuple[str, str]:
        invitation = _open(mail)
        names = {
            "organization": one_line(invitation.organization),
            "role": invitation.get_role_display(),
            "sender": invitation.invited_by,
            "link": settings.PUBLIC_URL + reverse("invitation", kwargs={"token": new_token(invitation)}),
        }
        subject = _("Invitation to administer %(organization)s") % names
        text = _(
            "%(sender)s invites you to administer %(organization)s in Print Management.\nYour role: "
            "%(role)s.\n\nAccept within seven days:\n%(link)s\n\nThe link works once. If you did not expect "
            "it, you can ignore this email."
        )
        return subject, text % names


def _open(mail: Mail) -> Invitation:
    """Return the invitation. Raises NotNeeded if it was accepted or withdrawn in the meantime."""
    rows = Invitation.objects.select_related("organization", "invited_by").filter(accepted_at__isnull=True)
    invitation = rows.filter(pk=mail.about["invitation"]).first()
    if invitation is None:
        raise NotNeeded
    return invitation
