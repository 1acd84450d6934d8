"""Settings from the environment: every mistake at once, nothing made up in production."""

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.core.checks import registry

from printmgmt import checks
from printmgmt.environment import SettingsRefused, mail_url

BASE_DIR = Path(__file__).resolve().parents[2]
GOOD = {
    "PRODUCTION": "true",
    "SECRET_KEY": "kq5jPZ1gq0pT6yYk6y3cYxw0f9VxJt5nQm2rB8uLdHsW7eF4vN1aZx",
    "CREDENTIAL_KEYS": "2026:Wm3rT9bXvQ4nLk8sJd6hGf2pZc5yRa7eUo1iNwKtMqEx8Ty2Pb6",
    "RECEIPT_KEYS": "Hx7uYq2cTn5kVb9wLr4mZd8sPf3gJa6eQo1iNtKxMyEz0RvUb4h",
    "PUBLIC_URL": "https://print.contoso.com",
    "DATABASE_URL": "postgres://printmgmt@db.contoso.com/printmgmt",
    "BROKER_URL": "rediss://valkey.contoso.com/0",
    "EMAIL_URL": "smtp+tls://console:pw@smtp.contoso.com:587",
}

ENTRIES = ("wsgi", "celery", "asgi")


def run(code_or_command: list[str], data_dir: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run Python in the project with exactly these variables."""
    return subprocess.run(
        [sys.executable, *code_or_command],
        capture_output=True,
        check=False,
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **variables},
        text=True,
        timeout=180,
    )


def read(data_dir: Path, **variables: str) -> dict[str, Any]:
    """The settings under exactly these variables, by name; raises SettingsRefused.

    Read in this process, which is a hundred times cheaper than one of its own.
    """
    with mock.patch.dict(os.environ, {"DATA_DIR": str(data_dir), **variables}, clear=True):
        return runpy.run_path(str(BASE_DIR / "printmgmt" / "settings.py"))


def refused(data_dir: Path, **variables: str) -> list[str]:
    """The names of the variables for which these settings are refused."""
    with pytest.raises(SettingsRefused) as refusal:
        read(data_dir, **variables)
    return [line.split(":")[0].strip() for line in str(refusal.value).splitlines()[1:]]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., dict[str | None, bool]]:
    """What our checks find under these variables: the id, and whether it keeps Django from starting."""

    def check(**variables: str) -> dict[str | None, bool]:
        monkeypatch.setattr(checks, "settings", SimpleNamespace(**read(tmp_path, **variables)))
        ours = [
            check
            for check in registry.registry.get_checks(include_deployment_checks=True)
            if check.__module__ == checks.__name__
        ]
        return {message.id: message.is_serious() for check in ours for message in check(None)}

    return check


def test_production_with_nothing_else_names_all_that_is_missing_in_one_error(tmp_path: Path) -> None:
    done = run(["manage.py", "check"], tmp_path, PRODUCTION="true")

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    named = {line.split(":")[0].strip() for line in done.stderr.splitlines()[1:]}
    assert named == GOOD.keys() - {"PRODUCTION"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "django-insecure-0123456789012345678901234567890123456789"),
        ("CREDENTIAL_KEYS", "1:short"),
        ("CREDENTIAL_KEYS", ""),
        ("RECEIPT_KEYS", "short"),
        ("RECEIPT_KEYS", ""),
        ("PUBLIC_URL", "print.contoso.com"),
        ("PUBLIC_URL", "https://print.contoso.com/console"),
        ("DATABASE_URL", ""),
        ("BROKER_URL", ""),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "pigeon://roof"),
        ("PORT", "70000"),
        ("DEBUG", "maybe"),
        ("LOG_LEVEL", "LOUD"),
        ("OUTBOUND_ALLOW", "localhost"),
        ("OUTBOUND_ALLOW", "10.0.0.1/8"),
    ],
)
def test_bad_value_is_refused_by_name(name: str, value: str, tmp_path: Path) -> None:
    assert refused(tmp_path, **{**GOOD, name: value}) == [name]


def test_refusal_does_not_repeat_the_secret(tmp_path: Path) -> None:
    done = run(["manage.py", "check"], tmp_path, **{**GOOD, "SECRET_KEY": "hunter2"})

    assert "hunter2" not in done.stdout + done.stderr


def test_good_production_settings_pass_the_deployment_check_without_a_warning(tmp_path: Path) -> None:
    done = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], tmp_path, **GOOD)

    assert done.returncode == 0, done.stderr


def test_web_process_with_a_mistake_that_a_check_finds_does_not_start(tmp_path: Path) -> None:
    done = run(
        ["-c", "import printmgmt.wsgi"], tmp_path, **GOOD, ENTRA_KEYS_ORIGIN="https://keys.contoso.com"
    )

    assert done.returncode == 1
    assert "scim_sync.E007" in done.stderr


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"PUBLIC_URL": "http://print.contoso.com"}, "printmgmt.E001"),
        ({"ALLOWED_HOSTS": "*"}, "printmgmt.E002"),
        ({"DEBUG": "true"}, "printmgmt.E003"),
        ({"BROKER_URL": "memory://"}, "printmgmt.E004"),
        ({"ALLOWED_HOSTS": "other.contoso.com"}, "printmgmt.E005"),
    ],
)
def test_unsafe_production_settings_are_errors(
    changed: dict[str, str], message: str, found: Callable[..., dict[str | None, bool]]
) -> None:
    assert found(**{**GOOD, **changed})[message] is True


def test_an_error_of_the_settings_keeps_the_console_from_starting(tmp_path: Path) -> None:
    done = run(["manage.py", "check"], tmp_path, **{**GOOD, "DEBUG": "true"})

    assert done.returncode == 1
    assert "printmgmt.E003" in done.stderr


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"PUBLIC_URL": "https://10.1.2.3"}, "printmgmt.W001"),
        ({"PUBLIC_URL": "https://print.contoso.local"}, "printmgmt.W001"),
        ({"DATABASE_URL": "sqlite:////srv/console.sqlite3"}, "printmgmt.W002"),
    ],
)
def test_doubtful_production_settings_are_warnings(
    changed: dict[str, str], message: str, found: Callable[..., dict[str | None, bool]]
) -> None:
    assert found(**{**GOOD, **changed}) == {message: False}


def test_embedded_default_needs_nothing_and_keeps_its_secrets(tmp_path: Path) -> None:
    first = read(tmp_path)["SECRET_KEY"]

    assert read(tmp_path)["SECRET_KEY"] == first
    assert read(tmp_path / "other")["SECRET_KEY"] != first
    assert (tmp_path / "secrets" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_each_thread_keeps_its_connection_and_no_process_has_a_pool(tmp_path: Path) -> None:
    code = (
        "import printmgmt.{}; from django.conf import settings; database = settings.DATABASES['default'];"
        "print(database['CONN_MAX_AGE'], database['CONN_HEALTH_CHECKS'], 'pool' in database['OPTIONS'])"
    )
    url = {"DATABASE_URL": "postgres://console@db.contoso.com/console"}

    kept = {entry: run(["-c", code.format(entry)], tmp_path, **url).stdout.split() for entry in ENTRIES}

    # Under ASGI each request has a thread of its own, with which a connection that is kept would be lost.
    assert kept == {**dict.fromkeys(ENTRIES, ["600", "True", "False"]), "asgi": ["0", "True", "False"]}


def test_embedded_mail_goes_to_the_data_folder(tmp_path: Path) -> None:
    assert read(tmp_path)["EMAIL_FILE_PATH"] == str(tmp_path / "mail")


def test_mail_folder_of_a_url_is_absolute(tmp_path: Path) -> None:
    found = read(tmp_path, EMAIL_URL="file:///var/mail/console")

    assert found["EMAIL_FILE_PATH"] == "/var/mail/console"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.contoso.com", ("mail.contoso.com", 25, "", "", False, False)),
        (
            "smtp+tls://me%40contoso.com:p%2Fw@mail.contoso.com",
            ("mail.contoso.com", 587, "me@contoso.com", "p/w", True, False),
        ),
        ("smtps://me:pw@mail.contoso.com:4465", ("mail.contoso.com", 4465, "me", "pw", False, True)),
    ],
)
def test_mail_server_of_a_url(url: str, expected: tuple[object, ...]) -> None:
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")

    assert tuple(mail_url(url)[f"EMAIL_{name}"] for name in names) == expected


def test_data_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "What? A #1 folder"

    assert read(folder)["DATABASES"]["default"]["NAME"] == str(folder / "console.sqlite3")


def test_credential_keys_keep_their_order(tmp_path: Path) -> None:
    found = read(tmp_path, CREDENTIAL_KEYS="b:new,a:old")

    assert list(found["CREDENTIAL_KEYS"].items()) == [("b", "new"), ("a", "old")]


def test_example_names_exactly_the_variables_that_are_read() -> None:
    example = (BASE_DIR / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    read = re.findall(r'env\.[a-z_]+\(\s*"([A-Z_]+)"', (BASE_DIR / "printmgmt" / "settings.py").read_text())

    assert named == {*read, "WEB_CONCURRENCY"}  # the last is gunicorn's own
