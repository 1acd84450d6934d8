"""Why a file was not delivered, and whether trying again may help."""


class DeliveryError(Exception):
    """Not delivered. ``str()`` is a sentence for a reader; ``permanent`` says that a person must act."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent
