"""enrol_person and identify: JSON lines in, JSON lines out."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from printmgmt.organizations.models import Organization
from tests import factories
from tests.printmgmt.equipment import equipped


def run(*command: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def batch(folder: Path, *rows: object) -> str:
    path = folder / "rows"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_enrolled_person_is_identified(contoso: Organization) -> None:
    ada = factories.person(contoso, "ada")

    (given,) = run(
        "enrol_person", "--organization", "contoso",
        "--user-name", "ADA", "--card", "0412345678", "--pin", "123456", "--device", "Laptop",
    )  # fmt: skip

    assert (given["person"], given["card_last4"]) == (str(ada.pk), "5678")
    here = {"person": str(ada.pk)}
    ask = ("identify", "--organization", "contoso")
    assert run(*ask, "--card", "0412345678") == [here]
    assert run(*ask, "--user-name", "ada", "--pin", "123456") == [here]
    assert run(*ask, "--device-token", given["device_token"]) == [here]
    assert run(*ask, "--card", "0400000000") == [{"person": None}]


def test_many_are_asked_in_one_process(contoso: Organization, tmp_path: Path) -> None:
    ada, bob = equipped(contoso), equipped(contoso)
    rows = batch(
        tmp_path, {"card": ada.card}, {"card": "nobody"}, {"card": 4711}, {"device_token": bob.token}
    )

    answers = run("identify", "--organization", "contoso", "--batch", rows)

    assert [answer["person"] for answer in answers] == [str(ada.person.pk), None, None, str(bob.person.pk)]


def test_many_are_enrolled_in_one_process(contoso: Organization, tmp_path: Path) -> None:
    people = [factories.person(contoso) for _ in range(3)]
    rows = [{"user_name": one.user_name, "card": f"04{one.pk.hex}"} for one in people]

    answers = run("enrol_person", "--organization", "contoso", "--batch", batch(tmp_path, *rows))

    assert [answer["person"] for answer in answers] == [str(one.pk) for one in people]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("identify", "--organization", "nowhere", "--card", "1"), "no organization 'nowhere'"),
        (("identify", "--organization", "contoso"), "Nothing to identify"),
        (("enrol_person", "--organization", "contoso", "--user-name", "nobody"), "no person 'nobody'"),
        (("enrol_person", "--organization", "contoso", "--user-name", "ada", "--card", " "), "ada: A card"),
    ],
)
def test_mistake_gets_an_error(command: tuple[str, ...], message: str, contoso: Organization) -> None:
    factories.person(contoso, "ada")

    with pytest.raises(CommandError, match=message):
        run(*command)


def test_line_that_is_no_object_is_named(contoso: Organization, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="line 2"):
        run("identify", "--organization", "contoso", "--batch", batch(tmp_path, {"card": "1"}, ["card"]))
