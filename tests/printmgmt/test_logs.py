"""What stands in the logs, and what never does."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import requests

from printmgmt.log_masking import mask_secrets, mask_text
from tests.conftest import Server, Worker

BASE_DIR = Path(__file__).resolve().parents[2]


def logged(script: str) -> list[dict[str, object]]:
    """Run ``script`` in a process with our logging and return its lines."""
    setup = 'import logging, structlog\nfrom printmgmt.logs import configure\nconfigure({"level": "INFO"})\n'
    done = subprocess.run(
        [sys.executable, "-c", setup + textwrap.dedent(script)],
        capture_output=True,
        check=True,
        cwd=BASE_DIR,
        text=True,
        timeout=20,
    )
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_structlog_and_standard_library_lines_look_alike() -> None:
    first, second = logged("""
        structlog.contextvars.bind_contextvars(request_id="f00")
        structlog.get_logger("a").info("from structlog", person=7)
        logging.getLogger("a").info("from %s", "logging")
    """)

    assert (
        first.keys() - {"person"} == second.keys() == {"event", "level", "logger", "timestamp", "request_id"}
    )
    assert (first["event"], second["event"]) == ("from structlog", "from logging")


def test_line_breaks_in_a_name_do_not_make_a_line() -> None:
    (line,) = logged(
        r'structlog.get_logger().info("created", name="x\n{\"level\": \"forged\"}\u2028\x1b[2J")'
    )

    assert line["event"] == "created"


def test_traceback_comes_without_local_variables() -> None:
    (line,) = logged("""
        token = "pm-very-secret"
        try:
            1 / 0
        except ZeroDivisionError:
            structlog.get_logger().exception("failed")
    """)

    assert "ZeroDivisionError" in str(line["exception"])
    assert "pm-very-secret" not in str(line)


@pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "HTTP_AUTHORIZATION", "token", "secret_token", "new_password", "cookie"),
        *("pin", "PIN", "old_pin", "cardNumber", "card_number"),
    ],
)
def test_value_under_a_secret_name_is_masked_at_any_depth(name: str) -> None:
    event = mask_secrets(None, "info", {"event": "x", name: "s3cret", "deep": [{name: "s3cret"}]})

    assert "s3cret" not in json.dumps(event)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer s3cret",
        "bearer  s3cret, again",
        '{"pin": "s3cret", "userName": "ada"}',
        "{'cardNumber': 's3cret'}",
        "pin=s3cret&x=1",
        "card_number: s3cret",
        "Cannot connect to redis://:s3cret@valkey:6379/0",
        "the text pmscim_0123456789ab_s3cret0123456789abcdef was pasted",
        "pmd_s3cretAbCdEfGhIjKlMnOpQr-_x said hello",
    ],
)
def test_secret_inside_a_text_is_masked(text: str) -> None:
    assert "s3cret" not in mask_text(text)


@pytest.mark.parametrize(
    "text", ["shopping: 4", "the token was refused", "scim/v2/Users?filter=x", "token_prefix"]
)
def test_harmless_text_is_left_alone(text: str) -> None:
    assert mask_text(text) == text


def test_names_that_only_resemble_are_left_alone() -> None:
    event = {"event": "x", "token_prefix": "pm_ab", "discarded": 3, "typing": "no", "last4": "1234"}

    assert mask_secrets(None, "info", dict(event)) == event


def test_server_writes_json_only_and_no_access_log(server: Server) -> None:
    before = len(server.text())
    requests.get(
        f"{server.url}/no-such-page?token=s3cret", headers={"Authorization": "Bearer s3cret"}, timeout=5
    )

    lines = [json.loads(line) for line in server.text().splitlines()]
    assert lines
    assert "s3cret" not in server.text()[before:]
    assert not [line for line in lines if line["logger"] == "gunicorn.access"]


def test_worker_writes_json(worker: Worker) -> None:
    lines = [json.loads(line) for line in worker.text().splitlines() if line.strip()]

    assert any("ready." in line["event"] for line in lines)
