"""A new random PIN, and the mail that brings it to its person."""

import secrets
import string

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.email_addresses import mail_address
from printmgmt.organizations.one_line import one_line
from printmgmt.people.credentials import set_pin
from printmgmt.people.models import PrintUser

PIN_DIGITS = 6


def rotate_pin(person: PrintUser, *, by: Actor) -> str:
    """Give a person a random PIN of PIN_DIGITS digits in place of the old one and return it, this once.

    Raises PersonGone.
    """
    pin = "".join(secrets.choice(string.digits) for _each in range(PIN_DIGITS))
    set_pin(person, pin, by=by)
    return pin


def mail_pin(person: PrintUser, pin: str, *, by: Actor) -> None:
    """Mail a person their new PIN, in their language, to the work e-mail; nothing keeps the PIN.

    Call outside a transaction. Raises ``OSError`` (which ``smtplib.SMTPException`` is) and ``ValueError``
    (an address no mail can be sent to) when the mail did not leave.
    """
    with override(_language(person)):
        subject = _("Your new PIN for printing")
        text = _(
            "Hello %(name)s,\n\nyour PIN for printing at %(organization)s was changed. The new one is\n\n"
            "    %(pin)s\n\nThe old one does not work any more. If you did not expect this mail, tell your "
            "help desk.\n"
        ) % {"name": one_line(person), "organization": one_line(person.organization), "pin": pin}
    EmailMessage(subject, text, to=[mail_address(person.work_email)]).send()
    record(
        person.organization,
        "pin.mailed",
        by=by,
        object_type="person",
        object_id=person.pk,
        label=str(person),
        to=person.work_email,
    )


def _language(person: PrintUser) -> str:
    """The person's language where the console speaks it, such as ``fr`` for ``fr-CA``; else the default."""
    try:
        return get_supported_language_variant(person.preferred_language.strip().lower())
    except LookupError:
        return settings.LANGUAGE_CODE
