"""What every endpoint of the API shares: JSON in and out, problems as errors, closed unless opened."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from printmgmt.api.exceptions import problem_response
from printmgmt.api.media import BoundedJsonParser, LengthRequired
from printmgmt.api.paging import CursorPages


class HasToken(BasePermission):
    """Whether the caller showed a token that one of the view's ``authentication_classes`` accepts."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.auth is not None


class ApiView(APIView):
    """An endpoint below ``/api/v1/``.

    A subclass names the ``authentication_classes`` whose tokens it accepts. Without any, nobody comes in:
    ``permission_classes`` is opened only where there is nothing to protect.
    """

    permission_classes: Sequence[type[BasePermission]] = (HasToken,)
    renderer_classes = (JSONRenderer,)
    parser_classes = (BoundedJsonParser,)
    pagination_class = CursorPages
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Programs read the answers: neither cookie nor Accept-Language changes their words.
        with translation.override(settings.LANGUAGE_CODE):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            raise LengthRequired

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response]:
        return problem_response

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        return answer


@extend_schema(exclude=True)
class UnknownAddress(ApiView):
    """A path below ``/api/`` that is none, whatever the method."""

    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise exceptions.NotFound("There is nothing at this address.")
