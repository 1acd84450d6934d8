"""The print server in the console, with a queue that holds and a station beside a printer."""

import time
from datetime import UTC, datetime
from tempfile import NamedTemporaryFile
from typing import Any

from demo.commands import CommandFailed, Commands
from demo.cupsd import OPERATOR, PrivateCups
from demo.print_jobs import FOLLOW_ME, FRONT_DESK, WORKSHOP

READ_SECONDS = 60


class PrintRoom:
    """A print server and the console of one organization."""

    def __init__(self, cups: PrivateCups, commands: Commands, organization: str) -> None:
        self.cups = cups
        self._commands = commands
        self._of = ("--organization", organization)
        self._id = ""

    def add(self) -> dict[str, Any]:
        """Add the server, as the page *Add print server* does; return what the command answered."""
        with NamedTemporaryFile("w", encoding="utf-8") as password:
            password.write(self.cups.passwords[OPERATOR])
            password.flush()
            added = self._commands.line(
                *("add_print_server", *self._of, "--name", "Print room", "--uri", self.cups.uri),
                *("--operator", OPERATOR, "--password-file", password.name),
            )
        self._id = added["print_server"]
        return added

    def read(self) -> dict[str, Any]:
        """Have the console read the server, and return what it says of it. ``CommandFailed`` if it cannot."""
        began = datetime.now(UTC)
        deadline = time.monotonic() + READ_SECONDS
        while True:
            (facts,) = self._commands.line("print_round", "--server", self._id)["print_servers"]
            # A worker that was reading already has not seen what was printed a moment ago.
            if facts["read_at"] and datetime.fromisoformat(facts["read_at"]) >= began:
                return dict(facts)
            if time.monotonic() > deadline:
                raise CommandFailed(f"the console does not read the print server: {facts['problem']}")

    def hold_and_release(self) -> dict[str, Any]:
        """Stop the first queue; its jobs print at the others when they are released. Add a station there."""
        devices = ("--device", FRONT_DESK, "--device", WORKSHOP)
        self._commands.line(
            "set_up_secure_release", *self._of, "--queue", FOLLOW_ME, *devices, "--stop-again"
        )
        return self._commands.line("add_station", *self._of, "--name", "Front desk", "--printer", FRONT_DESK)

    def jobs(self) -> dict[int, dict[str, Any]]:
        """Return the jobs the console lists, past ones included, by their numbers on the server."""
        listed = self._commands.line("jobs", *self._of, "--past")["jobs"]
        return {job["number"]: job for job in listed}
