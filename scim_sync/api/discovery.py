"""What the service publishes about itself (RFC 7644 §4): the same for every tenant but for the addresses."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from scim_sync.api.base import ScimView
from scim_sync.credentials.tokens import tenant_url
from scim_sync.credentials.ways import schemes_on
from scim_sync.protocol.errors import Forbidden, NotFound, shown
from scim_sync.protocol.rendering import list_response
from scim_sync.protocol.schemas import resource_type_documents, schema_documents, service_provider_config


class DiscoveryView(ScimView):
    """A discovery endpoint: nothing to filter (RFC 7644 §4), nothing to write."""

    http_method_names = ["get"]
    document_kind: str

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if "filter" in request.query_params:
            raise Forbidden(f"{self.document_kind}: a filter is not allowed here")

    def located(self, document: dict[str, Any], path: str) -> dict[str, Any]:
        """A copy of ``document`` with its `meta`; ``path`` is where it is below the Tenant URL."""
        location = f"{tenant_url(self.call.installation)}/{path}"
        return {**document, "meta": {"resourceType": self.document_kind, "location": location}}


class DocumentsView(DiscoveryView):
    """Serves documents: all as a list, or one by its id in any letter case."""

    def documents(self) -> list[dict[str, Any]]:
        """Every document of the endpoint, without its `meta`."""
        raise NotImplementedError("Subclasses must implement documents()")

    def get(self, request: Request, **kwargs: Any) -> Response:
        documents = [
            self.located(document, f"{self.document_kind}s/{document['id']}") for document in self.documents()
        ]
        wanted = kwargs.get("document_id")
        if wanted is None:
            return Response(list_response(documents, len(documents), 1))
        for document in documents:
            if document["id"].lower() == wanted.lower():
                return Response(document)
        raise NotFound(f"{self.document_kind} {shown(wanted)} is not known")


class SchemasView(DocumentsView):
    document_kind = "Schema"

    def documents(self) -> list[dict[str, Any]]:
        return schema_documents()


class ResourceTypesView(DocumentsView):
    document_kind = "ResourceType"

    def documents(self) -> list[dict[str, Any]]:
        return resource_type_documents()


class ServiceProviderConfigView(DiscoveryView):
    """Serves a single document, which is no list (RFC 7643 §5), with the schemes that are on."""

    document_kind = "ServiceProviderConfig"

    def get(self, request: Request, **kwargs: Any) -> Response:
        config = service_provider_config()
        on = schemes_on(self.call.installation)
        schemes = [scheme for scheme in config["authenticationSchemes"] if scheme["type"] in on]
        for place, scheme in enumerate(schemes):
            scheme["primary"] = place == 0
        return Response(self.located({**config, "authenticationSchemes": schemes}, self.document_kind))
