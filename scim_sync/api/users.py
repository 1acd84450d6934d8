"""/Users (RFC 7644 §3.3–§3.6): verb, service, answer."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from printmgmt.people.models import PrintUser
from scim_sync.adapters.columns import user_columns
from scim_sync.adapters.users import UserAdapter, people_of
from scim_sync.api.reading import ReadingView
from scim_sync.services import users


class UserEndpoint(ReadingView):
    def adapter_for(self, row: PrintUser) -> UserAdapter:
        return users.adapter_for(row, self.call)


class UsersView(UserEndpoint):
    """The people of the tenant: list and create."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        installation = self.call.installation
        return self.answer_list(people_of(installation), user_columns(installation))

    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.write(users.create_user, request.data), status=201)


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
