"""Secrets replaced and stopped while the directory calls, over real HTTP, on a database that locks rows."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from django.db import connection

from addons.models import Installation
from printmgmt.organizations.models import FailedAttempt
from scim_sync.credentials.clients import create_client_secret, revoke_client_secret, switch_off, switch_on
from scim_sync.credentials.tokens import revoke_token, rotate_token
from scim_sync.models import ScimClient, ScimClientSecret, ScimToken
from tests.factories import TESTER
from tests.proofs import rounds
from tests.scim_sync.client import HttpScim, Scim
from tests.scim_sync.oauth.client import TokenClient

pytestmark = pytest.mark.skipif(
    connection.settings_dict["ENGINE"].endswith("sqlite3"), reason="races are proven on PostgreSQL"
)

CALLERS = 4


class Azure:
    """Callers that send requests all the time with what was pasted last."""

    def __init__(self, scim: Scim) -> None:
        self.scim = scim
        self.statuses: list[int] = []
        self._over = Event()
        self._began: list[int] = [0] * CALLERS

    def paste(self, scim: Scim) -> None:
        """Use another token from now on; returns when no caller is still using the last one."""
        self.scim = scim
        seen = list(self._began)
        while any(now < then + 2 for now, then in zip(self._began, seen, strict=True)):
            self._over.wait(0.005)

    def _call(self, place: int) -> None:
        while not self._over.is_set():
            self._began[place] += 1
            self.statuses.append(self.scim.get("/Users?count=1").status)

    @contextmanager
    def calling(self) -> Iterator[None]:
        with ThreadPoolExecutor(CALLERS) as pool:
            running = [pool.submit(self._call, place) for place in range(CALLERS)]
            try:
                yield
            finally:
                self._over.set()
            for each in running:
                each.result()


@pytest.mark.parametrize("rounds", rounds(10, proof=50))
def test_no_call_with_a_live_token_is_refused_while_client_secrets_are_rotated(
    http_oauth: TokenClient, installation: Installation, rounds: int
) -> None:
    azure = Azure(http_oauth.scim())
    ended = []
    with azure.calling():
        for _round in range(rounds):
            old = ScimClientSecret.objects.select_related("client__installation__organization").get(
                revoked_at=None
            )
            before = azure.scim
            made = create_client_secret(installation, by=TESTER, label="next")
            azure.paste(TokenClient(installation, str(made.client.pk), made.text, over_http=True).scim())
            revoke_client_secret(old, by=TESTER)
            ended.append(before.get("/Users?count=1").status)

    assert ended == [401] * rounds
    assert set(azure.statuses) == {200}
    assert len(azure.statuses) > rounds * CALLERS


@pytest.mark.parametrize("rounds", rounds(10, proof=50))
def test_no_call_with_a_live_token_is_refused_while_secret_tokens_are_rotated(
    http_scim: HttpScim, installation: Installation, rounds: int
) -> None:
    azure = Azure(http_scim)
    ended = []
    with azure.calling():
        for _round in range(rounds):
            old = ScimToken.objects.select_related("installation__organization").get(revoked_at=None)
            before = azure.scim
            azure.paste(HttpScim(before.base, rotate_token(installation, by=TESTER, label="next")))
            revoke_token(old, by=TESTER)
            ended.append(before.get("/Users?count=1").status)

    assert ended == [401] * rounds
    assert set(azure.statuses) == {200}


def revoked(client: ScimClient) -> None:
    revoke_client_secret(client.secrets.get(revoked_at=None), by=TESTER)


def switched_off_and_on(client: ScimClient) -> None:
    switch_off(client, by=TESTER)
    switch_on(client, by=TESTER)


@pytest.mark.parametrize("stop", [revoked, switched_off_and_on])
@pytest.mark.parametrize("rounds", rounds(5, proof=50))
def test_no_token_that_is_given_while_its_secret_is_stopped_survives(
    http_oauth: TokenClient, installation: Installation, stop: Callable[[ScimClient], None], rounds: int
) -> None:
    """Each token was given before the stop, and so ended with it, or after it, by what is on again."""
    client = ScimClient.objects.select_related("installation__organization").get()
    for _round in range(rounds):
        if not client.secrets.filter(revoked_at=None).exists():
            made = create_client_secret(installation, by=TESTER, label="next")
            http_oauth.secret = made.text
        with ThreadPoolExecutor(CALLERS) as pool:
            asked = [pool.submit(http_oauth.ask) for _each in range(CALLERS)]
            stop(client)
            answers = [each.result() for each in asked]

        assert {answer.status for answer in answers} <= {200, 401}
        given = [http_oauth.scim(answer.token) for answer in answers if answer.status == 200]
        live = [scim for scim in given if scim.get("/Users?count=1").status == 200]
        assert len(live) == ScimToken.objects.filter(revoked_at=None).count()
        if stop is revoked:
            assert live == []
        ScimToken.objects.all().delete()
        FailedAttempt.objects.all().delete()  # 50 rounds ask more often than one client may
