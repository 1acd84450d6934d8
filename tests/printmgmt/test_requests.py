"""The request id."""

import re

from django.test import Client


def test_answer_carries_an_id_of_ours(client: Client) -> None:
    answer = client.get("/healthz", headers={"x-request-id": "forged"})

    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])
    assert answer.wsgi_request.request_id == answer["X-Request-ID"]


def test_each_request_has_another(client: Client) -> None:
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]
