"""Why a token is not minted, or opens nothing."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class TokenError(Exception):
    """A refused change of tokens. ``str()`` is a sentence for a reader."""


class AlreadyMinted(TokenError):
    """The installation has, or had, a token: rotate it instead."""


class NoFreeSlot(TokenError):
    """Two tokens live already: revoke one first."""


class ReviewError(Exception):
    """A decision that cannot be taken any more. ``str()`` is a sentence for a reader."""


class Refusal(StrEnum):
    """Why a call was refused at the door; stored in events, so never renamed."""

    MISSING = "missing"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    FOREIGN = "foreign"
    EXPIRED = "expired"
    REVOKED = "revoked"
    PAUSED = "paused"
    UNINSTALLED = "uninstalled"


REFUSAL_TEXT = {
    Refusal.MISSING: _("no secret token"),
    Refusal.MALFORMED: _("something that is no secret token"),
    Refusal.UNKNOWN: _("an unknown secret token"),
    Refusal.FOREIGN: _("a secret token of another installation"),
    Refusal.EXPIRED: _("an expired secret token"),
    Refusal.REVOKED: _("a revoked secret token"),
    Refusal.PAUSED: _("the add-on is paused"),
    Refusal.UNINSTALLED: _("the add-on was uninstalled"),
}
