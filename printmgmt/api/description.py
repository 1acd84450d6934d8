"""The description of the API: OpenAPI 3.1, as a file and as a page to read and try."""

from collections.abc import Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from printmgmt.api.base import ApiView
from printmgmt.api.problems import PROBLEM_JSON

WHEN: Final = {
    HTTPStatus.BAD_REQUEST: "The body is not JSON, or not valid; `errors` says where.",
    HTTPStatus.UNAUTHORIZED: "No token, a wrong one, or one that was replaced or removed.",
    HTTPStatus.FORBIDDEN: "Not allowed.",
    HTTPStatus.NOT_FOUND: "There is no such thing, or not any more.",
    HTTPStatus.CONFLICT: "It cannot be done as things are now; `detail` says why.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many failed attempts; try again after `Retry-After` seconds.",
    HTTPStatus.BAD_GATEWAY: "The print server refused, or answered what cannot be understood.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The print server or the database did not answer; `Retry-After`.",
}


class InvalidSerializer(serializers.Serializer[Any]):
    """Something in a body that is not valid."""

    pointer = serializers.CharField(help_text="Where: a JSON pointer (RFC 6901) as a URI fragment")
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """An error (RFC 9457). `type` is left out, which means `about:blank`: the status says what is wrong."""

    title = serializers.CharField(help_text="The status in words")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence to show or to log")
    request_id = serializers.CharField(help_text="Names the request in the console's logs")
    errors = InvalidSerializer(many=True, required=False)  # type: ignore[assignment]  # the class's own `errors`


def problems(statuses: Iterable[HTTPStatus], **when: str) -> dict[Any, OpenApiResponse]:
    """The errors of an endpoint, for `extend_schema`; ``when`` says more of one by its name."""
    return {
        (status.value, PROBLEM_JSON): OpenApiResponse(
            ProblemSerializer, description=when.get(status.name.lower(), WHEN[status])
        )
        for status in statuses
    }


def only_the_api(endpoints: Iterable[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Leave out what is not below ``/api/``, such as SCIM, which describes itself (RFC 7643 §7)."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/")]


@cache
def description() -> Mapping[str, Any]:
    """The description as `manage.py spectacular` writes it; made once by each process."""
    made: Mapping[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


@extend_schema(exclude=True)
class DescriptionView(ApiView):
    """The file. Open to everyone, since it says nothing about any organization."""

    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        return Response(description())


@method_decorator(login_not_required, name="dispatch")
class DescriptionPageView(TemplateView):
    """The file as a page, drawn by Swagger UI from our own static files."""

    template_name = "api/docs.html"
