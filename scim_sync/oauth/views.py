"""The token endpoint."""

from http import HTTPStatus
from typing import Any

from authlib.oauth2.rfc6749.errors import OAuth2Error
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views import View

from printmgmt.outages import require_writable
from scim_sync.oauth.errors import MalformedRequest
from scim_sync.oauth.requests import read_request
from scim_sync.oauth.server import server


class TokenView(View):
    """Gives an access token to a client that proves who it is; everything else is an error in JSON."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if settings.IS_HTTPS and not request.is_secure():
                raise MalformedRequest("https is needed")
            return super().dispatch(request, *args, **kwargs)
        except OAuth2Error as error:
            return server.answer_error(error)

    def post(self, request: HttpRequest, installation: str) -> HttpResponseBase:
        asked = read_request(request, installation)
        require_writable()
        return server.create_token_response(asked)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = server.answer_error(
            MalformedRequest("Only POST is allowed", status_code=HTTPStatus.METHOD_NOT_ALLOWED)
        )
        answer["Allow"] = "POST"
        return answer
