"""Creates random PINs and mails them to people."""

import secrets
import string
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.audit.services import record
from printmgmt.mail.kinds import MailKind, NotNeeded
from printmgmt.mail.models import Mail
from printmgmt.mail.one_line import one_line
from printmgmt.mail.outbox import post
from printmgmt.organizations.email_addresses import InvalidAddress, mail_address
from printmgmt.people.credentials import set_pin
from printmgmt.people.identification import has_pin
from printmgmt.people.models import PrintUser
from printmgmt.secret_box import Unreadable
from printmgmt.work.kinds import WorkError

PIN_DIGITS = 6


def rotate_pin(person: PrintUser, *, by: Actor) -> str:
    """Replace a person's PIN with a random one of PIN_DIGITS digits; return it. It cannot be read again.

    Raises PersonGone.
    """
    pin = "".join(secrets.choice(string.digits) for _each in range(PIN_DIGITS))
    set_pin(person, pin, by=by)
    return pin


def post_pin(person: PrintUser, pin: str, *, by: Actor) -> None:
    """Order the mail with a person's new PIN. Until it is sent, the PIN is stored encrypted.

    Call in the transaction that gives the PIN. Raises InvalidAddress where no mail can be sent to the work
    email.
    """
    mail_address(person.work_email)
    post(
        PinMail.name,
        about={
            "person": str(person.pk),
            "by_kind": by.kind,
            "by_label": by.label,
            "by_id": by.id,
            "request_id": by.request_id,
        },
        organization=person.organization_id,
        secret=pin,
    )


class PinMail(MailKind):
    """A mail to a person's work email, in their language. Not sent if the PIN has been replaced."""

    name = "pin"

    def readers(self, mail: Mail) -> Mapping[str, list[str]]:
        person = _person(mail)
        try:
            return {_language(person): [mail_address(person.work_email)]}
        except InvalidAddress as error:
            raise WorkError(str(error), permanent=True) from error

    def compose(self, mail: Mail) -> tuple[str, str]:
        person = _person(mail)
        try:
            pin = mail.secret
        except Unreadable as error:
            raise WorkError(_("The key it was encrypted with is gone."), permanent=True) from error
        if not has_pin(person, pin):
            raise NotNeeded
        return _("Your new PIN for printing"), _(
            "Hello %(name)s,\n\nyour PIN for printing at %(organization)s was changed. The new one is\n\n    "
            "%(pin)s\n\nThe old one no longer works. If you did not expect this email, tell your help "
            "desk.\n"
        ) % {"name": one_line(person), "organization": one_line(person.organization), "pin": pin}

    def after_sending(self, mail: Mail) -> None:
        _record(mail, "pin.mailed", to=mail.recipients[0])

    def after_failing(self, mail: Mail) -> None:
        _record(mail, "pin.mail-failed")


def _person(mail: Mail) -> PrintUser:
    person = PrintUser.objects.select_related("organization").filter(pk=mail.about["person"]).first()
    if person is None:
        raise NotNeeded
    return person


def _record(mail: Mail, verb: str, **details: str) -> None:
    """In the name of the administrator who set the PIN."""
    about = mail.about
    by = Actor(ActorKind(about["by_kind"]), about["by_label"], about["by_id"], request_id=about["request_id"])
    person = _person(mail)
    record(
        person.organization,
        verb,
        by=by,
        object_type="person",
        object_id=person.pk,
        label=str(person),
        **details,
    )


def _language(person: PrintUser) -> str:
    """Return the person's language if the console has it (``fr`` for ``fr-CA``), else the default."""
    try:
        return get_supported_language_variant(person.preferred_language.strip().lower())
    except LookupError:
        return settings.LANGUAGE_CODE
