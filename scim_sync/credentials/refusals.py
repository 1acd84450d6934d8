"""Why a client got no access token: for the administrator's log, never for the caller."""

from scim_sync.provisioning_log.reasons import Reason


class ClientRefused(Exception):
    """A client that could not prove who it is. ``reason`` is for the provisioning log only.

    It is None where the refusal was noted already.
    """

    def __init__(self, reason: Reason | None) -> None:
        super().__init__(reason)
        self.reason = reason
