"""What can be wrong with a request about a print server. What the server itself says is an `IppError`."""


class ServerError(Exception):
    """The request was refused; nothing was changed. ``str()`` is a translated sentence."""


class InvalidEntry(ServerError):
    """``field`` (address, name, user_name, password, fingerprint) cannot be used as it was entered."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class AddressTaken(InvalidEntry):
    """The organization has this server already."""


class ServerRemoved(ServerError):
    """Someone removed the server in the meantime."""


class AlreadyTesting(ServerError):
    """Someone is testing the server at this moment."""
