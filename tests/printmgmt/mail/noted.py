"""A notice of the tests: it says in which language it is written."""

from collections.abc import Callable, Collection

import pytest
from django.utils.translation import get_language

from printmgmt.mail import kinds
from printmgmt.mail.models import Mail
from printmgmt.organizations.notices import Notice


def _compose() -> tuple[str, str]:
    return f"In {get_language()}", "text"


def noted(
    monkeypatch: pytest.MonkeyPatch,
    *,
    also: Collection[str] = (),
    compose: Callable[[], tuple[str, str]] = _compose,
) -> str:
    """Register the notice for one test and return the name of its kind."""

    class Noted(Notice):
        name = "noted"

        def also(self, mail: Mail) -> Collection[str]:
            return also

        def compose(self, mail: Mail) -> tuple[str, str]:
            return compose()

    monkeypatch.setitem(kinds._kinds, Noted.name, Noted())
    return Noted.name
