"""Entra as a client of the token endpoint."""

from typing import Any

from django.utils import timezone

from scim_sync.oauth.federation import ASSERTION_TYPE
from tests.scim_sync.federation.entra import Signer, claims_at
from tests.scim_sync.oauth.client import TokenClient


class Federated(TokenClient):
    """Entra, which shows assertions."""

    signer: Signer

    def form(self, **changes: str) -> dict[str, str]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion(),
            "scope": ".default",
            "resource": self.client_id,
            **changes,
        }
        return {name: value for name, value in form.items() if value}

    def assertion(self, **claims: Any) -> str:
        return self.signer.sign(claims_at(timezone.now(), **claims))
