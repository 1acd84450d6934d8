"""/healthz and /readyz, from outside."""

import requests

from tests.conftest import Server


def test_healthz_answers_without_signing_in(server: Server) -> None:
    answer = requests.get(f"{server.url}/healthz", timeout=5)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
