"""Commands of the demo that fail or hang are one line, not a traceback."""

import os

import pytest

from demo import commands
from demo.commands import CommandFailed, Commands


def test_command_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "SECONDS", 0.01)
    with pytest.raises(CommandFailed, match=r"^manage.py leavers: no answer in 0.01 s$"):
        Commands(dict(os.environ)).lines("leavers")


def test_command_that_fails_says_its_last_words() -> None:
    with pytest.raises(CommandFailed, match="manage.py no-such-command: .*Unknown command"):
        Commands(dict(os.environ)).output("no-such-command")
