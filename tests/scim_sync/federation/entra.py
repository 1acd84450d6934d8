"""Plays Entra's side of federation: a tenant, a workload identity, and the assertions it signs."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.jwk import RSAKey

TENANT = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
OTHER_TENANT = "8a6e0804-2bd0-4672-b79d-d97027f9071a"
SUBJECT = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
APPLICATION = "16fd2706-8baf-433b-82eb-8c7fada847da"
ISSUER = f"https://login.microsoftonline.com/{TENANT}/v2.0"
PASTED = {"issuer": ISSUER, "subject": SUBJECT, "audience": f"api://{APPLICATION}/.default"}
HOUR = 3600
ANY_HEADER = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)


@dataclass
class Signer:
    """A key pair with its id."""

    kid: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, private=True))

    @property
    def published(self) -> dict[str, Any]:
        """The public key as Microsoft publishes it."""
        return {
            **self.key.as_dict(private=False),
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "cloud_instance_name": "microsoftonline.com",
            "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0",
        }

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        """An assertion with these claims; a header parameter overlays the usual one."""
        return jws.serialize_compact(
            {"typ": "JWT", "alg": "RS256", "kid": self.kid, **header},
            json.dumps(claims),
            self.key,
            registry=ANY_HEADER,
        )


def claims_at(now: datetime, **changed: Any) -> dict[str, Any]:
    """The claims of an assertion given now; a claim changed to None is left out."""
    seconds = int(now.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": APPLICATION,
        "sub": SUBJECT,
        "oid": SUBJECT,
        "azp": APPLICATION,
        "tid": TENANT,
        "iat": seconds - 5,
        "nbf": seconds - 5,
        "exp": seconds + HOUR,
        "ver": "2.0",
        "uti": "0yTAqrKAa0OTMHO9tbsIAA",
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not None}
