"""The base class of the adapters of people and groups."""

from datetime import datetime
from typing import Any

from django_scim.adapters import SCIMMixin

from printmgmt.audit.services import record
from printmgmt.people.models import PrintGroup, PrintUser
from scim_sync.credentials.calls import Call
from scim_sync.credentials.tokens import tenant_url
from scim_sync.protocol.etags import version_tag
from scim_sync.provisioning_log.reasons import Warned


class ResourceAdapter(SCIMMixin):  # type: ignore[misc]  # django-scim2 ships no types
    """The SCIM view of a person or group. ``request`` is the Call.

    ``wanted`` is the resource that `save` will write. ``warnings`` go to the provisioning event of a write.
    """

    id_field = "id"
    audited_as: str
    """Its `object_type` in the audit."""

    obj: PrintUser | PrintGroup

    def __init__(self, obj: Any, request: Call) -> None:
        super().__init__(obj, request)
        obj.organization = request.organization  # all objects are of this organization; saves a query
        self.warnings: list[Warned] = []
        self.wanted: dict[str, Any] = {}

    @property
    def call(self) -> Call:
        call: Call = self.request
        return call

    @property
    def location(self) -> str:
        return f"{tenant_url(self.call.installation)}/{self.resource_type}s/{self.id}"

    @property
    def tag(self) -> str:
        """The present entity tag of the resource."""
        return version_tag(self.obj.version)

    @property
    def meta(self) -> dict[str, str]:
        """`meta` of the representation (RFC 7643 §3.1)."""
        return {
            "resourceType": self.resource_type,
            "created": _timestamp(self.obj.created_at),
            "lastModified": _timestamp(self.obj.updated_at),
            "location": self.location,
            "version": self.tag,
        }

    def _record(self, verb: str, **details: Any) -> None:
        record(
            self.call.organization,
            verb,
            by=self.call.actor,
            object_type=self.audited_as,
            object_id=self.obj.pk,
            label=str(self.obj),
            **details,
        )


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
