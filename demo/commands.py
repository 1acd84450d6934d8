"""`manage.py` commands, each a process of its own; they answer in lines of JSON."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 300  # a command takes two or three; a machine that does much else may need a hundred times that


class CommandFailed(Exception):
    """A command ended with an error; the message has its last words."""


class Commands:
    """Runs commands in the given environment."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def lines(self, *arguments: str, batch: Iterable[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
        """Run a command, with `batch` as JSON lines on its stdin, and return the lines it prints."""
        return [json.loads(line) for line in self.output(*arguments, batch=batch).splitlines() if line]

    def output(self, *arguments: str, batch: Iterable[dict[str, Any]] | None = None) -> str:
        """Run a command in the same way, and return what it prints."""
        try:
            done = subprocess.run(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env=self.environment,
                input="".join(json.dumps(line) + "\n" for line in batch or ()),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise CommandFailed(f"manage.py {' '.join(arguments)}: no answer in {SECONDS} s") from None
        if done.returncode:
            raise CommandFailed(f"manage.py {' '.join(arguments)}: {last_words(done.stderr)}")
        return done.stdout

    def line(self, *arguments: str) -> dict[str, Any]:
        """Run a command that prints one line."""
        (line,) = self.lines(*arguments)
        return line


def last_words(text: str) -> str:
    """Return the last lines of an error output: the rest is how it came to them."""
    return "\n".join(text.strip().splitlines()[-4:])
