"""What can be wrong with a change to a person; each is refused before anything is written."""


class PeopleError(Exception):
    """A change that is refused. ``str()`` is a sentence for a reader."""


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
    """The person is suspended or removed and can be given nothing."""


class MergeRefused(PeopleError):
    """Two rows cannot become one person, or not in this direction."""


class GroupNameTaken(PeopleError):
    """Another group of the organization has this name."""


class GroupGone(PeopleError):
    """The group was deleted meanwhile."""


class GroupKept(PeopleError):
    """A directory keeps the group: it is renamed and deleted there."""


class NestingCycle(PeopleError):
    """A group would be in itself, directly or through others."""
