"""Reads: a list (RFC 7644 §3.4.2), a search (§3.4.3), and one resource unless the client has it already."""

from functools import cached_property
from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response

from scim_sync.adapters.base import ResourceAdapter
from scim_sync.api.base import ScimView
from scim_sync.protocol.etags import check_preconditions
from scim_sync.protocol.paging import parse_page
from scim_sync.protocol.rendering import list_response, project
from scim_sync.protocol.searches import read_search
from scim_sync.services.collections import Collection


class ListView(ScimView):
    """An endpoint that answers with a list."""

    def answer_list(self) -> Response:
        """The page that the client requests."""
        raise NotImplementedError("Subclasses must implement answer_list()")


class CollectionView(ListView):
    """What `/Users` and `/Groups` share."""

    collection_class: type[Collection]

    @cached_property
    def collection(self) -> Collection:
        """The resources of the tenant."""
        return self.collection_class(self.call)

    def answer_list(self) -> Response:
        """The page that the client requests."""
        parameters, projection = self.parameters, self.projection
        page = parse_page(parameters.get("startIndex"), parameters.get("count"))
        found, total = self.collection.page(
            parameters.get("filter"),
            page,
            sort_by=parameters.get("sortBy"),
            sort_order=parameters.get("sortOrder"),
        )
        resources = self.collection.represent(found, projection)
        return Response(list_response(resources, total, page.start_index))

    def answer_one(self, adapter: ResourceAdapter) -> Response:
        """One resource, or 304 if the client has this version already."""
        headers, conditions = {"Location": adapter.location, "ETag": adapter.tag}, self.conditions
        fresh = check_preconditions(
            adapter.obj.version, "GET", if_match=conditions.if_match, if_none_match=conditions.if_none_match
        )
        if not fresh:
            return Response(status=304, headers=headers)
        self.collection.complete([adapter], self.projection)
        return Response(project(adapter.to_dict(), self.projection), headers=headers)


class Searching(ListView):
    """Mixin: a list requested by the body of a POST, which proxies do not log as they do URLs."""

    http_method_names = ["post"]
    writes = False

    @cached_property
    def parameters(self) -> dict[str, Any]:
        return read_search(cast(dict[str, Any], self.request.data))  # the parsers give objects only

    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.answer_list()
