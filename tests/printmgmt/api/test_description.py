"""The description of the API is the committed file, is served, and is true: answers are held against it."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from jsonschema import Draft202012Validator

from printmgmt.api.description import description
from printmgmt.printing.models import Station
from tests import factories
from tests.printmgmt.printing import equipment

FILE = settings.BASE_DIR / "docs/openapi.json"
VERSION = "/api/v1/"
NOT_DESCRIBED = {"description", "docs", "unknown"}


def valid(schema: str, body: object) -> bool:
    """Whether a body is what the description says of this schema."""
    whole = json.loads(json.dumps(description()))
    validator = Draft202012Validator({"$ref": f"#/components/schemas/{schema}", **whole})
    return [str(error) for error in validator.iter_errors(body)] == []


def test_the_file_in_docs_is_what_the_code_says() -> None:
    assert json.loads(FILE.read_text("utf-8")) == json.loads(json.dumps(description()))


def test_it_is_served_to_everyone_and_named_by_the_root(client: Client) -> None:
    answer = client.get(f"{VERSION}openapi.json")

    assert answer.json() == json.loads(FILE.read_text("utf-8"))
    assert answer.json()["openapi"].startswith("3.1.")
    named = client.get(VERSION).json()["resources"]["description"]
    assert named == f"{settings.PUBLIC_URL}{VERSION}openapi.json"


def test_every_endpoint_is_described() -> None:
    def names(resolver: Any) -> set[str]:
        return {pattern.name for pattern in resolver.url_patterns if getattr(pattern, "name", None)}

    api = next(each for each in get_resolver().url_patterns if getattr(each, "app_name", "") == "api")
    paths = description()["paths"]

    assert len(paths) == len(names(api) - NOT_DESCRIBED)
    for methods in paths.values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["tags"]


def test_every_error_is_a_problem() -> None:
    errors = [
        answer["content"]
        for methods in description()["paths"].values()
        for operation in methods.values()
        for status, answer in operation["responses"].items()
        if status >= "400"
    ]

    assert len(errors) > 20
    assert all(list(content) == ["application/problem+json"] for content in errors)


def test_answers_are_what_it_says(client: Client, db: None) -> None:
    contoso = factories.organization("Contoso")
    hall = equipment.printer(equipment.print_server(contoso), "hall")
    _station, token = equipment.station(hall)
    from_station = {"Authorization": f"Bearer {token}"}

    assert valid("Root", client.get(VERSION).json())
    assert valid("Station", client.get(f"{VERSION}station/", headers=from_station).json())
    assert valid("Problem", client.get(f"{VERSION}station/").json())
    nothing = client.post(f"{VERSION}station/visits/", {}, "application/json", headers=from_station)
    assert nothing.json()["errors"]
    assert valid("Problem", nothing.json())
    assert not valid("Problem", {"title": 1})
    assert Station.objects.count() == 1


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_page_is_open_and_has_no_script_of_its_own(client: Client, db: None, signed_in: bool) -> None:
    if signed_in:
        client = factories.signed_in(factories.organization("Contoso"))

    answer = client.get(f"{VERSION}docs/")

    assert answer.status_code == 200
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    page = answer.content.decode()
    assert "<style" not in page
    assert page.count("<script") == page.count("<script src=")
