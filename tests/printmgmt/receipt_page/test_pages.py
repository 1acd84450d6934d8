"""The public page: valid or not and why, for anyone, and nothing else."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from printmgmt.deprovisioning.receipts.files import file_of
from printmgmt.deprovisioning.receipts.keys import public_keys
from printmgmt.deprovisioning.receipts.making import make_receipt
from printmgmt.receipt_page import views
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/receipts/verify/"


@pytest.fixture
def receipt() -> str:
    contoso = factories.organization()
    made = make_receipt(factories.leaver(contoso, who=factories.person(contoso, "ada@contoso.example")).pk)
    assert made is not None
    return json.dumps(file_of(made))


def test_pasted_and_uploaded_receipts_are_verified_without_signing_in(client: Client, receipt: str) -> None:
    upload = SimpleUploadedFile("receipt.json", receipt.encode(), "application/json")
    for sent in ({"receipt": receipt}, {"file": upload}):
        html = client.post(PAGE, sent).content.decode()
        assert "Contoso" in html
        assert public_keys()[0]["key_id"] in html
        assert "ada@" not in html


def test_one_that_was_changed_says_why_and_shows_nothing_of_it(client: Client, receipt: str) -> None:
    html = client.post(PAGE, {"receipt": receipt.replace("Contoso", "Fabrikam")}).content.decode()
    assert "The content was changed after it was signed." in html
    assert "Fabrikam" not in html


def test_a_program_posts_json_and_gets_json(client: Client, receipt: str) -> None:
    good = client.post(PAGE, receipt, content_type="application/json").json()
    assert (good["valid"], good["problems"]) == (True, [])
    bad = client.post(PAGE, "{}", content_type="application/json").json()
    assert (bad["valid"], bad["problems"]) == (False, ["not-a-receipt"])


def test_nothing_and_too_much_are_refused(client: Client) -> None:
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, {"receipt": " "}).status_code == 400
    assert client.post(PAGE, {"receipt": "x" * views.LARGEST}).status_code == 413
    large = client.post(PAGE, "x" * views.LARGEST + "x", content_type="application/json")
    assert (large.status_code, large.headers["Content-Type"]) == (413, "application/json")


def test_an_address_may_verify_so_many_in_ten_minutes(client: Client) -> None:
    for _each in range(views.TRIES.failures):
        client.post(PAGE, "{}", content_type="application/json")
    assert client.post(PAGE, "{}", content_type="application/json").status_code == 429
    other = client.post(PAGE, "{}", content_type="application/json", REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 200


def test_only_its_limit_asks_the_database(
    client: Client, receipt: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):
        client.post(PAGE, receipt, content_type="application/json")


def test_keys_are_published_without_secrets(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    answer = client.get("/receipts/keys.json")
    keys = answer.json()["keys"]
    assert [key["key_id"] for key in keys] == [key["key_id"] for key in public_keys()]
    assert keys[0]["pem"].startswith("-----BEGIN PUBLIC KEY-----")
    assert not [secret for secret in settings.RECEIPT_KEYS if secret in answer.content.decode()]
