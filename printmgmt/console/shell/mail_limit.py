"""How many mails one administrator may cause: the console is no tool for unasked mail."""

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Account

TOO_MANY = _("Too many emails in one hour. Try again later.")


def may_mail(request: HttpRequest, account: Account) -> bool:
    """Count one mail that the account asks for, of whatever kind; False when there were too many."""
    counted: bool = ratelimit.consume(request, action="mail", user=account)
    return counted
