"""What a room that mails writes: who reads a mail, and its words."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import ClassVar

from django.utils import timezone

from printmgmt.mail.models import Mail


class NotNeeded(Exception):
    """There is nothing to be mailed any more, or nobody to read it: that is no failure."""


class MailKind:
    """One kind of mail. Its methods are called in a worker, when the mail is sent."""

    name: ClassVar[str]
    """Stored in rows; never renamed."""

    def readers(self, mail: Mail) -> Mapping[str, list[str]]:
        """Addresses by language; one mail for each language.

        Raises NotNeeded, and WorkError where no mail can be sent to the address.
        """
        raise NotImplementedError("Subclasses must implement readers()")

    def zone(self, mail: Mail) -> tzinfo:
        """The time zone in which moments are written. Raises NotNeeded."""
        return timezone.get_default_timezone()

    def compose(self, mail: Mail) -> tuple[str, str]:
        """Subject and text, with the readers' language and the zone active; links and tokens are made here.

        Raises NotNeeded.
        """
        raise NotImplementedError("Subclasses must implement compose()")

    def after_sending(self, mail: Mail) -> None:
        """What else is written in the transaction that records the sending."""

    def after_failing(self, mail: Mail) -> None:
        """What else is written in the transaction that records that it is not tried any more."""


_kinds: dict[str, MailKind] = {}


def register_kind(kind: MailKind) -> None:
    """Have mails of a kind sent. Called at start."""
    _kinds[kind.name] = kind


def kind_named(name: str) -> MailKind | None:
    """The kind of this name; None for one of another version of the console."""
    return _kinds.get(name)
