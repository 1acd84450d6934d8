"""The calls that docs/api.md shows: each is made, in order, and answers what stands below it."""

import json
import re
import shlex
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.fixtures import Settings

from demo.cupsd import OPERATOR, STUCK_DEVICE, PrivateCups
from printmgmt.people.credentials import set_card
from printmgmt.printing.models import PrintJob
from tests import factories
from tests.factories import TESTER
from tests.printmgmt.printing import equipment

PUBLIC = "https://print.contoso.example"
PAGE = (settings.BASE_DIR / "docs/api.md").read_text("utf-8")
CALLS = re.findall(r"^\$ (curl .+)\n((?:[{ ].*\n)*)", PAGE, re.MULTILINE)


def call(line: str, variables: dict[str, str]) -> Any:
    """The answer to a curl command; ``$NAME`` in it stands for a variable."""
    for name, value in variables.items():
        line = line.replace(f"${name}", value)
    words = shlex.split(line)[1:]
    method, headers, body, path = "GET", {}, "", ""
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _colon, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "--json":
            method, body = "POST", words.pop(0)
        else:
            assert word.startswith(PUBLIC), word
            path = word.removeprefix(PUBLIC)
    return Client().generic(method, path, body, content_type="application/json", headers=headers)


def form(body: Any) -> Any:
    """The names in a body, and whether a value is there."""
    if isinstance(body, dict):
        return {name: form(value) for name, value in body.items()}
    return [form(each) for each in body] if isinstance(body, list) else type(body) is dict


@pytest.mark.django_db
def test_every_call_in_the_documentation_works(cups: PrivateCups, settings: Settings) -> None:
    settings.PUBLIC_URL = PUBLIC
    contoso = factories.organization("Contoso")
    ada = factories.person(contoso, "ada@contoso.example", display_name="Ada")
    set_card(ada, "04CAFE02", by=TESTER)
    cups.add_queue("hall", device=STUCK_DEVICE)
    cups.add_queue("follow-me", stopped=True)
    hall = equipment.printer(equipment.operated(contoso, cups), "hall", location="Ground floor")
    follow_me = equipment.secure_queue(hall.server, "follow-me", [hall])
    held = equipment.seen_job(cups, hall, cups.submit("hall", "ada", hold="indefinite"), ada)
    waiting = equipment.seen_job(cups, follow_me, cups.submit("follow-me", "ada"), ada)
    _station, token = equipment.station(hall, "Entrance hall")
    variables = {"TOKEN": token, "VISIT": "none yet"}
    assert len(CALLS) == 8

    for line, shown in CALLS:
        line = line.replace("/42/", f"/{waiting.pk}/").replace("/41/", f"/{held.pk}/")
        answer = call(line, variables)
        assert answer.status_code in (200, 201), (line, answer.content)
        if shown:
            assert form(answer.json()) == form(json.loads(shown)), line
        variables["VISIT"] = answer.json().get("visit", variables["VISIT"])

    assert not PrintJob.objects.filter(state=4).exists()
    assert cups.job(waiting.remote_id)["job-printer-uri"].endswith("/printers/hall")
    assert cups.ipptool("Get-Job-Attributes", job=held.remote_id, login=OPERATOR).is_ok is False
