"""The mail that carries an invitation's link."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from printmgmt.organizations.models import Account, Invitation
from printmgmt.organizations.one_line import one_line


def mail_invitation(invitation: Invitation, token: str) -> None:
    """Send the link, in the account's language if there is one. Raises ``OSError`` of the mail server."""
    account = Account.objects.filter(email=invitation.email).first()
    with translation.override((account and account.language) or translation.get_language()):
        subject, text = _words(invitation, token)
    EmailMessage(subject, text, to=[invitation.email]).send()


def _words(invitation: Invitation, token: str) -> tuple[str, str]:
    names = {
        "organization": one_line(invitation.organization),
        "role": invitation.get_role_display(),
        "sender": invitation.invited_by,
        "link": settings.PUBLIC_URL + reverse("invitation", kwargs={"token": token}),
    }
    subject = _("Invitation to administer %(organization)s") % names
    text = _(
        "%(sender)s invites you to administer %(organization)s in Print Management.\n"
        "Your role: %(role)s.\n\n"
        "Accept here, within seven days:\n"
        "%(link)s\n\n"
        "The link works once. If you did not expect it, do nothing: without you it opens nothing."
    )
    return subject, text % names
