"""A forgotten password. A request only orders a mail, so the response never reveals who has an account."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm as AllauthForm
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from printmgmt.mail.kinds import MailKind, NotNeeded
from printmgmt.mail.models import Mail
from printmgmt.mail.outbox import post
from printmgmt.organizations.models import Account


class ResetPasswordForm(AllauthForm):  # type: ignore[misc]  # allauth ships no types
    """Orders a mail for every address, with or without an account, so that both take equally long."""

    def clean_email(self) -> str:
        """Return the address in its normal form; an unknown address is valid."""
        email: str = get_adapter().clean_email(self.cleaned_data["email"])
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Order the mail and return the address. A worker sends it, or drops it where there is no account."""
        email: str = self.cleaned_data["email"]
        found = Account.objects.filter(email=email, is_active=True).values_list("pk", flat=True).first()
        post(
            PasswordReset.name, about={"account": str(found) if found else ""}, language=get_language() or ""
        )
        return email


class PasswordReset(MailKind):
    """The mail with the link to choose a new password.

    Its language is the account's, else that of the browser which requested it.
    """

    name = "password-reset"

    def readers(self, mail: Mail) -> Mapping[str, list[str]]:
        account = _account(mail)
        return {account.language or mail.language: [account.email]}

    def compose(self, mail: Mail) -> tuple[str, str]:
        account = _account(mail)
        where = {"uidb36": user_pk_to_url_str(account), "key": default_token_generator.make_token(account)}
        link = settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs=where)
        template = "account/email/password_reset_key_{}.txt"
        return render_to_string(template.format("subject")), render_to_string(
            template.format("message"), {"password_reset_url": link}
        )


def _account(mail: Mail) -> Account:
    """Return the account. Raises NotNeeded if the address has none or it was deactivated in the meantime."""
    pk = mail.about["account"]
    account = Account.objects.filter(pk=pk, is_active=True).first() if pk else None
    if account is None:
        raise NotNeeded
    return account
