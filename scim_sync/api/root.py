"""People and groups in one list: queries of the server's root (RFC 7644 §3.4.2.1)."""

from typing import Any, Final

from django.db.models import CharField, F, Value
from rest_framework.request import Request
from rest_framework.response import Response

from scim_sync.api.reading import ListView, Searching
from scim_sync.protocol.attributes import GROUP, USER
from scim_sync.protocol.paging import parse_page
from scim_sync.protocol.rendering import list_response, parse_projection
from scim_sync.protocol.sorting import in_order, is_descending, sort_key
from scim_sync.services.collections import Collection, Groups, People

KINDS: Final = (USER, GROUP)


class RootView(ListView):
    """Lists all resources below a Tenant URL. An attribute that a type lacks has no value."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.answer_list()

    def answer_list(self) -> Response:
        parameters = self.parameters
        page = parse_page(parameters.get("startIndex"), parameters.get("count"))
        is_reversed = is_descending(parameters.get("sortOrder"))
        collections: dict[str, Collection] = {
            collection.kind.name: collection for collection in (People(self.call), Groups(self.call))
        }
        people, groups = (self._keys(collection) for collection in collections.values())
        total = people.count() + groups.count()
        order = [in_order(F("sort"), descending=is_reversed), "created_at", "id"]
        keys = people.union(groups, all=True).order_by(*order)[page.window] if page.count and total else []
        return Response(list_response(self._resources(keys, collections), total, page.start_index))

    def _keys(self, collection: Collection) -> Any:
        """Sort key, creation time and id of each match of one type."""
        others = [kind for kind in KINDS if kind is not collection.kind]
        sort_by = self.parameters.get("sortBy")
        key = sort_key(sort_by, collection.columns, collection.kind, others) if sort_by else F("created_at")
        name = Value(collection.kind.name, output_field=CharField())
        matching = collection.matching(self.parameters.get("filter"), others)
        return matching.annotate(sort=key, kind=name).values_list("sort", "created_at", "id", "kind")

    def _resources(self, keys: Any, collections: dict[str, Collection]) -> list[dict[str, Any]]:
        """The resources of a page in the order of ``keys``, read in one go for each type."""
        found = [(kind, pk) for _sort, _created, pk, kind in keys]
        shown: dict[Any, dict[str, Any]] = {}
        for name, collection in collections.items():
            ids = [pk for kind, pk in found if kind == name]
            projection = parse_projection(
                self.parameters.get("attributes"), self.parameters.get("excludedAttributes"), collection.kind
            )
            resources = collection.represent(collection.read(ids), projection)
            shown.update({resource["id"]: resource for resource in resources})
        return [shown[str(pk)] for _kind, pk in found if str(pk) in shown]


class RootSearchView(Searching, RootView):
    """The same list, requested by a body."""
