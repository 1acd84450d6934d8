"""The console as its operator has it: `manage.py up` on an empty data folder, and commands in JSON."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
ADDRESS = "127.0.0.1"
START_SECONDS, STOP_SECONDS, COMMAND_SECONDS = 240, 60, 180
# `up` has run the system checks, which take as long as the rest of a command.
COMMAND = (sys.executable, "manage.py")
UNCHECKED = "--skip-checks"
# Several commands in one process; a blank line after the lines of each.
SEVERAL = """
import json, sys
from django.core.management import call_command
for command in json.load(sys.stdin):
    call_command(*command)
    print()
"""

# A console of its own: settings made for a real one must not reach it.
UNSET = ("DATABASE_URL", "BROKER_URL", "EMAIL_URL", "SECRET_KEY", "CREDENTIAL_KEYS", "RECEIPT_KEYS")


class Console:
    """A context: the console is up at ``url`` inside it, and its data folder is deleted afterwards."""

    def __init__(self) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="prove-the-cut-data-"))
        with socket.socket() as probe:
            probe.bind((ADDRESS, 0))
            port = probe.getsockname()[1]
        self.url = f"http://{ADDRESS}:{port}"
        self.log = self.data / "console.log"
        self.environment = {name: value for name, value in os.environ.items() if name not in UNSET} | {
            "DATA_DIR": str(self.data),
            "EMAIL_URL": f"file://{self.data / 'mail'}",
            "OUTBOUND_ALLOW": ADDRESS,  # where the print server is
            "BIND_ADDRESS": ADDRESS,
            "PORT": str(port),
            "PUBLIC_URL": self.url,
            "ALLOWED_HOSTS": "",
            "PRODUCTION": "false",
            "TRUSTED_PROXIES": "0",
            "STATIC_MANIFEST": "true",
            "PYTHONUNBUFFERED": "1",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Console":
        try:
            with self.log.open("wb") as log:
                self._process = subprocess.Popen(
                    [*COMMAND, "up"],
                    cwd=ROOT,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        shutil.rmtree(self.data, ignore_errors=True)

    def run_each(self, *commands: tuple[str, ...]) -> list[list[dict[str, Any]]]:
        """Run commands one after the other; return the lines that each prints.

        In one process, as `manage.py shell` lets an operator: it takes longer to start than they take.
        """
        done = self._run("shell", "--no-imports", "--command", SEVERAL, given=json.dumps(commands))
        if done.returncode:
            raise RuntimeError(f"{commands}: {done.stderr[-2000:]}")
        answers = done.stdout.split("\n\n")[: len(commands)]
        return [[json.loads(line) for line in answer.splitlines()] for answer in answers]

    def batch(self, rows: list[dict[str, Any]]) -> str:
        """Write a file of JSON lines for a command; return its path."""
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", dir=self.data, delete=False) as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
        return file.name

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return self._run(*arguments, UNCHECKED)

    def _run(self, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
        )

    def talk(self, *arguments: str) -> "Talk":
        """Start a command that answers each line of JSON with one."""
        command = [*COMMAND, *arguments, UNCHECKED]
        return Talk(
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                bufsize=1,
            )
        )

    def mail_to(self, address: str, *, within: float = 90) -> str:
        """Return the text of the newest mail to an address; waits for one."""
        deadline = time.monotonic() + within
        while True:
            texts = [path.read_text() for path in sorted((self.data / "mail").glob("*"))]
            mails = [mail for text in texts for mail in text.split("Content-Type: ") if mail]
            if found := [mail for mail in mails if f"\nTo: {address}\n" in mail]:
                return found[-1]
            if time.monotonic() > deadline:
                raise RuntimeError(f"no mail to {address}")
            time.sleep(0.2)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        assert self._process is not None
        while "\nready " not in "\n" + self.log.read_text(errors="replace"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"manage.py up: {self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)


class Talk:
    """A running command; one line of JSON in, one out."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, **question: str) -> dict[str, Any]:
        """Send a line and return the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))

    def end(self) -> None:
        """Close its input and wait for its end."""
        self._process.communicate(timeout=60)
