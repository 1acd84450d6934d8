"""Refused changes of tokens and of review items."""


class TokenError(Exception):
    """A refused change of tokens. ``str()`` is a sentence for a reader."""


class AlreadyMinted(TokenError):
    """The installation has, or had, a token: rotate it instead."""


class NoFreeSlot(TokenError):
    """Two live already: revoke one first."""


class SwitchedOff(TokenError):
    """This way to connect is switched off: switch it on first."""


class ReviewError(Exception):
    """A decision that cannot be taken any more. ``str()`` is a sentence for a reader."""
