"""`manage.py add_print_server`: a script sets a server up without a browser."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import PrintServer
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def password_file(cups: PrivateCups, tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(f"{cups.passwords[OPERATOR]}\n")
    return path


def said(of: Organization, uri: str, password_file: Path, *arguments: str) -> dict[str, Any]:
    """The line of JSON that the command prints."""
    out = StringIO()
    call_command(
        "add_print_server",
        *("--organization", of.slug, "--uri", uri, "--operator", OPERATOR),
        *("--password-file", str(password_file), *arguments),
        stdout=out,
    )
    (line,) = out.getvalue().splitlines()
    answer: dict[str, Any] = json.loads(line)
    return answer


def test_the_server_is_added_and_told_in_one_line(
    contoso: Organization, cups: PrivateCups, password_file: Path
) -> None:
    cups.add_queue("front")

    answer = said(contoso, cups.uri, password_file, "--name", "Front office")

    server = PrintServer.objects.get()
    assert answer["print_server"] == str(server.pk)
    assert (answer["name"], answer["uri"], answer["version"]) == ("Front office", cups.uri, server.version)
    assert answer["probe"] == server.probe
    assert "hold-undone" in answer["unsafe"]
    assert cups.passwords[OPERATOR] not in json.dumps(answer)


def test_a_certificate_to_confirm_is_named(
    contoso: Organization, cups: PrivateCups, password_file: Path
) -> None:
    with pytest.raises(CommandError, match=f"--fingerprint {cups.fingerprint}"):
        said(contoso, cups.https, password_file)

    assert said(contoso, cups.https, password_file, "--fingerprint", cups.fingerprint)["uri"].startswith(
        "https:"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--uri", "lpd://x/"), "must start with"),
        (("--operator", "alice"), "does not accept this user name and password"),
        (("--password-file", "/nowhere/at/all"), "cannot be read"),
        (("--organization", "nobody"), "nobody"),
    ],
)
def test_a_refusal_says_why(
    contoso: Organization, cups: PrivateCups, password_file: Path, arguments: tuple[str, str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        said(contoso, cups.uri, password_file, *arguments)

    assert not PrintServer.objects.exists()
