"""The hints there are."""

from enum import StrEnum


class HintKind(StrEnum):
    """What is wrong with the mapping. Stored in ``MappingHints``, so values stay."""

    ACTIVE = "active"
    WHOLE_LISTS = "whole-lists"
    NEVER_REMOVED = "never-removed"
    GROUPS_FIRST = "groups-first"
    NO_VALUE = "no-value"
    NESTED = "nested"

    @property
    def leaves_access(self) -> bool:
        """Whether people who leave keep their access because of it."""
        return self is HintKind.ACTIVE
