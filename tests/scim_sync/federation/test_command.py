"""`manage.py scim_credentials --method federation`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from addons.models import Installation
from scim_sync.models import FederatedTrust
from tests.scim_sync.federation.client import Federated
from tests.scim_sync.federation.entra import ISSUER, PASTED, Signer
from tests.scim_sync.federation.key_server import KeyServer


def answer_of(installation: Installation, **options: str) -> dict[str, str]:
    out = StringIO()
    given = {"method": "federation", **PASTED, **options}
    call_command("scim_credentials", installation=str(installation.pk), stdout=out, **given)
    [line] = out.getvalue().splitlines()
    answer: dict[str, str] = json.loads(line)
    return answer


def test_one_line_has_what_to_paste_into_azure_and_no_secret(
    installation: Installation, key_server: KeyServer, signer: Signer, settings: Settings
) -> None:
    answer = answer_of(installation)

    assert answer == {
        "client_id": str(FederatedTrust.objects.get().pk),
        "token_endpoint": f"{settings.PUBLIC_URL}/oauth/{installation.pk}/token",
        "tenant_url": f"{settings.PUBLIC_URL}/scim/v2/{installation.pk}",
    }
    entra = Federated(installation, answer["client_id"], "")
    entra.signer = signer
    assert entra.scim().get("/Users").status == 200


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"issuer": f"{ISSUER}/"}, f"Paste this instead: {ISSUER}"),
        ({"issuer": f" {ISSUER}"}, f"Paste this instead: {ISSUER}"),
        ({"subject": ""}, "needs --subject"),
        ({"audience": "contoso"}, "Paste the audience as Azure shows it"),
        ({"method": "client-credentials"}, "are for --method federation"),
    ],
    ids=str,
)
def test_what_cannot_be_right_is_refused(
    installation: Installation, options: dict[str, str], says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        answer_of(installation, **options)

    assert FederatedTrust.objects.count() == 0


def test_the_same_identity_again_is_refused(installation: Installation) -> None:
    answer_of(installation)

    with pytest.raises(CommandError, match="already in use here"):
        answer_of(installation)
