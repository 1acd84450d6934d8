"""What federation refuses."""

from scim_sync.models import TrustRefusal


class PastedError(ValueError):
    """A pasted value that cannot be right. ``str()`` is a translated sentence that says what to paste."""


class TrustError(Exception):
    """A refused change of a trust. ``str()`` is a translated sentence."""


class AssertionRefused(Exception):
    """An assertion is not accepted. ``reason`` is for the administrator, never for the caller."""

    def __init__(self, reason: TrustRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason
