"""The mails after two-factor authentication was reset: one to the account, one to the person who did it."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from printmgmt.mail.kinds import MailKind, NotNeeded
from printmgmt.mail.models import Mail
from printmgmt.mail.outbox import post
from printmgmt.organizations.models import Account


def post_reset(account: Account, *, by: Account, reason: str) -> None:
    """Order both mails. Call it in the transaction of the reset, so that they are sent only if it commits."""
    for kind in (ResetOfYours, ResetByYou):
        post(kind.name, about={"account": str(account.pk), "by": str(by.pk), "reason": reason})


class ResetOfYours(MailKind):
    """To the account that was reset, in its language."""

    name = "two-factor-reset"

    def readers(self, mail: Mail) -> Mapping[str, list[str]]:
        return _reader(_account(mail, "account"))

    def compose(self, mail: Mail) -> tuple[str, str]:
        names = {"by": _account(mail, "by"), "reason": mail.about["reason"], "url": settings.PUBLIC_URL}
        return _("Your two-factor authentication was reset"), _(
            "%(by)s reset the two-factor authentication of your account.\nReason: %(reason)s\n\nYour "
            "authenticator app, recovery codes and passkeys no longer work, and you are signed out "
            "everywhere. Your password does not change. Sign in with it and set up two-factor "
            "authentication again:\n%(url)s\n\nIf you did not ask for this, change your password now and "
            "tell another owner."
        ) % names


class ResetByYou(MailKind):
    """To the account that did the reset, in its language: someone else may have used it."""

    name = "two-factor-reset-by-you"

    def readers(self, mail: Mail) -> Mapping[str, list[str]]:
        return _reader(_account(mail, "by"))

    def compose(self, mail: Mail) -> tuple[str, str]:
        names = {"account": _account(mail, "account"), "reason": mail.about["reason"]}
        return _("You reset the two-factor authentication of %(account)s") % names, _(
            "You reset the two-factor authentication of %(account)s.\nReason: %(reason)s\n\nThe account "
            "signs in with its password alone until two-factor authentication is set up again.\n\nIf this "
            "was not you, change your password now and end your other sessions."
        ) % names


def _account(mail: Mail, which: str) -> Account:
    """Return the account whose id the mail has under ``which``. Raises NotNeeded if it was deleted."""
    account = Account.objects.filter(pk=mail.about[which]).first()
    if account is None:
        raise NotNeeded
    return account


def _reader(account: Account) -> dict[str, list[str]]:
    return {account.language or settings.LANGUAGE_CODE: [account.email]}
