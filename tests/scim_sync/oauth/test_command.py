"""`manage.py scim_credentials`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import uninstall
from scim_sync.credentials.clients import switch_off
from scim_sync.models import ScimClient, ScimClientSecret
from tests import factories
from tests.factories import TESTER
from tests.scim_sync.oauth.client import TokenClient


def answer_of(installation: object, **options: object) -> dict[str, str]:
    out = StringIO()
    given = {"method": "client-credentials", **options}
    call_command("scim_credentials", installation=str(installation), stdout=out, **given)
    answer: dict[str, str] = json.loads(out.getvalue())
    return answer


def test_one_line_has_all_that_azure_asks_for(installation: Installation, settings: object) -> None:
    answer = answer_of(installation.pk, days=400)

    public: str = settings.PUBLIC_URL  # type: ignore[attr-defined]
    assert set(answer) == {"client_id", "client_secret", "token_endpoint", "tenant_url"}
    assert answer["token_endpoint"] == f"{public}/oauth/{installation.pk}/token"
    assert answer["tenant_url"] == f"{public}/scim/v2/{installation.pk}"
    assert TokenClient(installation, answer["client_id"], answer["client_secret"]).ask().status == 200
    secret = ScimClientSecret.objects.get()
    assert (secret.expires_at - secret.issued_at).days == 400


@pytest.mark.parametrize("days", [0, -1, 1096])
def test_a_life_longer_than_microsoft_allows_is_refused(installation: Installation, days: int) -> None:
    with pytest.raises(CommandError, match="from 1 to 1095"):
        answer_of(installation.pk, days=days)


def test_a_third_secret_is_refused(installation: Installation) -> None:
    first, second = answer_of(installation.pk), answer_of(installation.pk)

    assert first["client_id"] == second["client_id"]
    with pytest.raises(CommandError, match="already two active client secrets"):
        answer_of(installation.pk)


def test_what_is_switched_off_or_gone_gets_none(installation: Installation) -> None:
    answer_of(installation.pk)
    switch_off(ScimClient.objects.select_related("installation__organization").get(), by=TESTER)

    with pytest.raises(CommandError, match="switched off"):
        answer_of(installation.pk)
    uninstall(installation, Disposition.KEEP, by=TESTER)
    with pytest.raises(CommandError):
        answer_of(installation.pk)
    for unknown in ("x", factories.organization().pk, "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(CommandError, match="There is no installation"):
            answer_of(unknown)
