"""The project's addresses and, below /api/, endpoints that the tests need: a list, a write, and failures."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import UnreadablePostError
from django.urls import include, path
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from printmgmt.api import urls as api
from printmgmt.api.base import ApiView
from printmgmt.people.models import PrintUser
from printmgmt.urls import handler400, handler403, handler404, handler500
from printmgmt.urls import urlpatterns as project

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

FAILURES: dict[str, Exception] = {
    "crash": ValueError("a secret of the inside"),
    "forbidden": PermissionDenied("a secret of the inside"),
    "suspicious": SuspiciousOperation("a secret of the inside"),
    "cut-off": UnreadablePostError("a secret of the inside"),
    "database-away": OperationalError("a secret of the inside"),
    "throttled": exceptions.Throttled(wait=7),
}


class JobSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=5)
    copies = serializers.ListField(child=serializers.IntegerField())

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["name"] == "none":
            raise serializers.ValidationError("There is no such job.")
        return attrs


class PeopleView(ApiView):
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        pages = self.pagination_class()
        people = pages.paginate_queryset(PrintUser.objects.all(), request)
        return pages.get_paginated_response([person.user_name for person in people])

    def post(self, request: Request) -> Response:
        job = JobSerializer(data=request.data)
        job.is_valid(raise_exception=True)
        return Response(job.validated_data, status=201)


class FailingView(ApiView):
    permission_classes = (AllowAny,)

    def get(self, request: Request, failure: str) -> Response:
        raise FAILURES[failure]


class ClosedView(ApiView):
    def get(self, request: Request) -> Response:
        return Response({"secret": "of somebody"})


class Bearer(BaseAuthentication):
    """As the table of tokens will be asked: here, one token and nobody else's."""

    def authenticate(self, request: Request) -> tuple[Any, str] | None:
        presented = request.headers.get("Authorization", "")
        if not presented:
            return None
        if presented != "Bearer good":
            raise exceptions.AuthenticationFailed("The token is wrong, expired or revoked.")
        return type("Station", (), {"is_authenticated": True})(), presented

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class GuardedView(ClosedView):
    authentication_classes = (Bearer,)


own = [
    path("v1/people", PeopleView.as_view()),
    path("v1/others", PeopleView.as_view()),
    path("v1/fail/<failure>", FailingView.as_view()),
    path("v1/closed", ClosedView.as_view()),
    path("v1/guarded", GuardedView.as_view()),
]

urlpatterns = [path("api/", include((own + api.urlpatterns, "api"))), *project]
