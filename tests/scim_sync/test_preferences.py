"""The settings of an installation as values: what they are at first, and what they refuse."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from addons.models import Installation
from addons.services import get_addon, validated_settings
from scim_sync.preferences import DEFAULTS, Linking, Preferences, UnknownMembers, preferences_of
from tests.factories import ADDON


def test_what_an_installation_starts_with_are_the_defaults() -> None:
    """The form's initial values, which `install` stores, and those of an older row without any."""
    started = Installation(settings=validated_settings(get_addon(ADDON), {}))

    assert preferences_of(started) == preferences_of(Installation(settings={})) == DEFAULTS


def test_what_was_set_is_read() -> None:
    settings = {
        "linking": "review",
        "replace_members": "rfc",
        "unknown_members": "ignore",
        "keep_events_days": 7,
    }

    read = preferences_of(Installation(settings=settings))

    assert asdict(read) == settings
    assert (read.linking, read.unknown_members) == (Linking.REVIEW, UnknownMembers.IGNORE)
    assert not read.replace_adds
    assert read.keep_events == timedelta(days=7)


@pytest.mark.parametrize(
    "settings",
    [{"linking": "sometimes"}, {"replace_members": ""}, {"unknown_members": "?"}, {"keep_events_days": 0}],
)
def test_what_no_form_lets_pass_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is n"):
        preferences_of(Installation(settings=settings))


@pytest.mark.parametrize("days", [0, 3651])
def test_a_log_is_kept_for_one_day_to_ten_years(days: int) -> None:
    with pytest.raises(ValueError, match="keep_events_days"):
        Preferences(keep_events_days=days)
