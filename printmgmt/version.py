"""The version of the console: the newest numbered heading of CHANGELOG.md."""

import re
from functools import cache

from django.conf import settings

UNRELEASED = "0.0.0"


@cache
def version() -> str:
    """Return the version, such as ``"1.4.0"``; ``"0.0.0"`` while nothing is released."""
    changelog = settings.BASE_DIR / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8") if changelog.exists() else ""
    return newest(text)


def newest(changelog: str) -> str:
    """Return the first ``## [x.y.z]`` heading's version in a Keep-a-Changelog text, or ``"0.0.0"``."""
    found = re.search(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)
    return found.group(1) if found else UNRELEASED
