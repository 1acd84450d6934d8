"""One authenticated request of the directory: with which token, when received."""

from dataclasses import dataclass, field
from datetime import datetime

from addons.models import Installation
from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.organizations.models import Organization
from scim_sync.models import ScimToken
from scim_sync.protocol.effort import Effort


@dataclass(frozen=True)
class Call:
    """What services and adapters know of a request; the tenant comes from the token and nowhere else.

    ``effort`` counts what it costs, all operations of a Bulk together.
    """

    token: ScimToken
    request_id: str
    received_at: datetime
    effort: Effort = field(default_factory=Effort)

    @property
    def installation(self) -> Installation:
        return self.token.installation

    @property
    def organization(self) -> Organization:
        return self.token.installation.organization

    @property
    def actor(self) -> Actor:
        return Actor(
            kind=ActorKind.TOKEN,
            label=f"SCIM {self.token.prefix}",
            id=str(self.token.pk),
            source=self.installation.source,
            request_id=self.request_id,
        )
