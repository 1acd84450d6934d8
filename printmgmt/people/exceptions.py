"""Errors of changes to people and groups. Each is raised before anything is written."""


class PeopleError(Exception):
    """A change that is refused. ``str()`` is a translated sentence to show to people."""


class UserNameTaken(PeopleError):
    """Another person who is not removed has this userName."""


class SeatLimitReached(PeopleError):
    """The organization has no free seat for a new person."""


class InvalidName(PeopleError):
    """A name is blank or longer than the console keeps."""


class CardTaken(PeopleError):
    """Another person holds this card. ``holder`` is that person's id."""

    def __init__(self, message: str, holder: object) -> None:
        super().__init__(message)
        self.holder = holder


class PersonGone(PeopleError):
    """The person is suspended or removed, so cards, PINs and devices cannot be added."""


class MergeRefused(PeopleError):
    """Two rows cannot become one person, or not in this direction."""


class GroupNameTaken(PeopleError):
    """Another group of the organization has this name."""


class GroupGone(PeopleError):
    """The group was deleted in the meantime."""


class GroupKept(PeopleError):
    """A directory manages the group: rename or delete it there."""


class NestingCycle(PeopleError):
    """A group would contain itself, directly or through others."""
