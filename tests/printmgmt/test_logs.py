"""What stands in the logs, and what never does."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import requests
from django.urls import get_resolver

from printmgmt.log_masking import mask_secrets, mask_text
from printmgmt.services.process import wait_until
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
        timeout=60,
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
        f"{server.url}/no-such-page?token=s3cret", headers={"Authorization": "Bearer s3cret"}, timeout=30
    )

    lines = [json.loads(line) for line in server.text().splitlines()]
    assert lines
    assert "s3cret" not in server.text()[before:]
    assert not [line for line in lines if line["logger"] == "gunicorn.access"]


def test_worker_writes_json(worker: Worker) -> None:
    lines = [json.loads(line) for line in worker.text().splitlines() if line.strip()]

    assert any("ready." in line["event"] for line in lines)


@pytest.mark.parametrize(
    "error",
    [
        'duplicate key value violates unique constraint "person_user_name_once"\n'
        "DETAIL:  Key (organization_id, user_name_key)=(1a2b, ada@contoso.example) already exists.",
        'null value in column "x" violates not-null constraint\nDETAIL:  Failing row contains (1, ada@).',
    ],
)
def test_rows_in_errors_of_postgresql_are_masked(error: str) -> None:
    assert mask_text(error) == f"{error.splitlines()[0]}\nDETAIL:  [masked]"


@pytest.mark.parametrize(
    "text",
    [
        "Forbidden (CSRF cookie not set.): /invitation/s3cret-0_A/",
        "Gone: /invitation/s3cret",
        "Forbidden (Referer checking failed - https://x.example/invitation/s3cret/?a=b does not match)",
        "Not Found: /account/password/reset/key/1a-s3cret/",
        "Not Found: /account/password/reset/key/s3cret-set-password",
        "/account/login/?next=/invitation/s3cret/",
        "/account/login/?next=%2Finvitation%2Fs3cret%2F&x=1",
        "/ACCOUNT/login/?next=%2faccount%2fpassword%2freset%2fkey%2f1a-s3cret%2f",
        "Not Found: /scim/v2/1/Users/PMSCIM_0a1b2c3d4e5f_s3cretAbCdEfGhIjKlMnOpQr",
        "Not Found: /o/x/tokenpmscim%5F0a1b2c3d4e5f_s3cretAbCdEfGhIjKlMnOpQr",
    ],
)
def test_links_and_tokens_in_an_address_are_masked(text: str) -> None:
    assert "s3cret" not in mask_text(text)


def test_masking_a_link_leaves_what_comes_after_it() -> None:
    text = "Forbidden: /o/x/invitations/7/ and /invitation/s3cret/?next=/o/x/"

    assert mask_text(text) == "Forbidden: /o/x/invitations/7/ and /invitation/[masked]/?next=/o/x/"


@pytest.mark.parametrize("path", ["/invitation/s3cret/", "/account/password/reset/key/1a-s3cret/"])
def test_a_form_without_its_csrf_cookie_does_not_write_its_link_to_the_log(server: Server, path: str) -> None:
    before = len(server.text())

    answer = requests.post(f"{server.url}{path}", headers={"Referer": f"https://x.example{path}"}, timeout=60)

    assert answer.status_code == 403
    assert wait_until(lambda: "CSRF" in server.text()[before:], timeout=60)
    assert "s3cret" not in server.text()[before:]


def test_every_link_that_opens_something_is_masked_in_the_log() -> None:
    """A new address with a token or key in it must be taught to the log."""
    opening = {"token", "key", "uidb36"}
    found = [
        "/" + template % dict.fromkeys(names, "s3cret")
        for name in get_resolver().reverse_dict
        for template, names in get_resolver().reverse_dict.getlist(name)[0][0]
        if opening & set(names)
    ]

    assert len(found) >= 2
    assert [
        path for path in found if "s3cret" in mask_text(f"Forbidden (CSRF cookie not set.): {path}")
    ] == []
