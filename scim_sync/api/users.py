"""/Users (RFC 7644 §3.3–§3.6): verb, service, answer."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from scim_sync.api.reading import CollectionView, Searching
from scim_sync.services import users
from scim_sync.services.collections import People


class UserEndpoint(CollectionView):
    collection_class = People


class UsersView(UserEndpoint):
    """The people of the tenant: list and create."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.answer_list()

    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.write(users.create_user, request.data), status=201)


class UsersSearchView(Searching, UserEndpoint):
    """The same list, requested by a body."""


class UserView(UserEndpoint):
    """One person: read, replace, patch, delete."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.answer_one(users.get_user(self.call, kwargs["user_id"]))

    def put(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.write(users.replace_user, kwargs["user_id"], request.data, self.conditions))

    def patch(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.write(users.patch_user, kwargs["user_id"], request.data, self.conditions))

    def delete(self, request: Request, **kwargs: Any) -> Response:
        self.write(users.delete_user, kwargs["user_id"], self.conditions)
        return Response(status=204)
