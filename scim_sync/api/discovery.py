"""What the service says of itself (RFC 7644 §4): the same for every tenant but for the addresses."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from scim_sync.api.base import ScimView
from scim_sync.protocol.errors import Forbidden, NotFound, shown
from scim_sync.protocol.rendering import list_response
from scim_sync.protocol.schemas import resource_type_documents, schema_documents, service_provider_config
from scim_sync.tokens import tenant_url


class DiscoveryView(ScimView):
    """A discovery endpoint: nothing to filter (RFC 7644 §4), nothing to write."""

    document_kind: str

    def documents(self) -> list[dict[str, Any]]:
        """Every document of the endpoint, with its address."""
        raise NotImplementedError("each discovery endpoint has its own")

    def get(self, request: Request, **kwargs: Any) -> Response:
        if "filter" in request.query_params:
            raise Forbidden(f"{self.document_kind}: a filter is not allowed here")
        documents = self.documents()
        wanted = kwargs.get("document_id")
        if wanted is None:
            return Response(list_response(documents, len(documents), 1))
        for document in documents:
            if document["id"].lower() == wanted.lower():
                return Response(document)
        raise NotFound(f"{self.document_kind} {shown(wanted)} is not known")

    def located(self, document: dict[str, Any], name: str) -> dict[str, Any]:
        """A copy of ``document`` with its `meta`."""
        location = f"{tenant_url(self.call.installation)}/{self.document_kind}s/{name}"
        return {**document, "meta": {"resourceType": self.document_kind, "location": location}}


class SchemasView(DiscoveryView):
    document_kind = "Schema"

    def documents(self) -> list[dict[str, Any]]:
        return [self.located(document, document["id"]) for document in schema_documents()]


class ResourceTypesView(DiscoveryView):
    document_kind = "ResourceType"

    def documents(self) -> list[dict[str, Any]]:
        return [self.located(document, document["id"]) for document in resource_type_documents()]


class ServiceProviderConfigView(ScimView):
    """One document, no list (RFC 7643 §5)."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        location = f"{tenant_url(self.call.installation)}/ServiceProviderConfig"
        meta = {"resourceType": "ServiceProviderConfig", "location": location}
        return Response({**service_provider_config(), "meta": meta})
