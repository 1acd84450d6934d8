"""The version is the newest numbered heading of the changelog."""

from printmgmt.version import newest


def test_the_first_numbered_heading_is_the_version() -> None:
    assert newest("# Changelog\n\n## [Unreleased]\n\n## [1.10.0] - 2026-11-23\n\n## [1.9.0]\n") == "1.10.0"


def test_nothing_released_is_zero() -> None:
    assert newest("# Changelog\n\n## [Unreleased]\n") == "0.0.0"
