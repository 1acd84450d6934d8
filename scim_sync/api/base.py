"""What every SCIM endpoint shares: the media type, the token, the answers, and the log of writes."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NoReturn, cast

import structlog
from django.conf import settings
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from printmgmt.outages import require_writable
from printmgmt.requests import client_address
from scim_sync.api.authentication import BearerAuthentication, TokenRefused
from scim_sync.api.chunks import take_chunked_body
from scim_sync.api.exceptions import scim_response
from scim_sync.api.logbook import LoggedRequest, log_outcome, log_refusal, log_sign_in
from scim_sync.api.media import JsonParser, OnlyScim, ScimParser, ScimRenderer
from scim_sync.api.throttling import InstallationThrottle, TooManyRequests, throttle_refused
from scim_sync.api.writing import perform
from scim_sync.credentials.calls import Call
from scim_sync.monitoring.contact import note_contact
from scim_sync.protocol.attributes import USER
from scim_sync.protocol.errors import NotFound
from scim_sync.protocol.ids import NOBODY, parse_id
from scim_sync.protocol.limits import MAX_BODY_BYTES
from scim_sync.protocol.rendering import Projection, parse_projection, project
from scim_sync.services.outcomes import Outcome, Preconditions

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class ScimView(APIView):
    """Base of SCIM endpoints: authentication, SCIM in and out, refused writes in the provisioning log."""

    authentication_classes = (BearerAuthentication,)
    permission_classes = (AllowAny,)  # the token is the permission
    throttle_classes = (InstallationThrottle,)
    renderer_classes = (ScimRenderer,)
    parser_classes = (ScimParser, JsonParser)
    content_negotiation_class = OnlyScim
    http_method_names = ["get", "post", "put", "patch", "delete"]

    kind = USER
    max_body_bytes = MAX_BODY_BYTES
    request: Request
    _call: Call | None = None

    @property
    def call(self) -> Call:
        """The authenticated call. Only for requests with a valid token."""
        return cast(Call, self._call)

    @property
    def writes(self) -> bool:
        """Whether the request is a write, which is logged."""
        return self.request.method in WRITES

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters of the request: of the URL, or of a search's body."""
        return self.request.query_params

    @cached_property
    def projection(self) -> Projection:
        """The attributes that the client wants returned (RFC 7644 §3.9)."""
        parameters = self.parameters
        return parse_projection(parameters.get("attributes"), parameters.get("excludedAttributes"), self.kind)

    @property
    def conditions(self) -> Preconditions:
        headers = self.request.headers
        return Preconditions(headers.get("If-Match"), headers.get("If-None-Match"))

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        except TokenRefused:
            throttle_refused(client_address(request._request))
            raise

    def throttled(self, request: Request, wait: float) -> NoReturn:
        raise TooManyRequests(f"More than {settings.SCIM_REQUESTS_PER_SECOND} requests a second", wait)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # Kept for `handle_exception`: reading `request.auth` there would authenticate again.
        self._call = cast(Call, request.auth)
        require_writable()
        take_chunked_body(request._request, max_bytes=self.max_body_bytes)
        structlog.contextvars.bind_contextvars(installation=str(self.call.installation.pk))
        note_contact(
            self.call.token,
            writes=self.writes,
            address=client_address(request._request),
        )

    @property
    def logged_request(self) -> LoggedRequest:
        """This request for the log, without its query, which may hold secrets."""
        request = self.request
        return LoggedRequest(
            method=request.method or "",
            path=request.path,
            request_id=getattr(request, "request_id", ""),
            body=getattr(request, "_full_data", None),
            kind=self.kind,
            resource_id=self.kwargs.get("user_id") or self.kwargs.get("group_id") or "",
        )

    def write(self, service: Callable[..., Outcome], *args: Any, **options: Any) -> Outcome:
        """Run a service for this call and log it in its transaction; `handle_exception` logs a refusal."""

        def work() -> Outcome:
            outcome = service(self.call, *args, **options)
            log_outcome(self.logged_request, self.call, outcome, self._shown(outcome))
            return outcome

        return perform(self.call, work)

    def answer(self, outcome: Outcome, *, status: int = 200) -> Response:
        """The written resource with its address and version; 204 for one too large to be sent back."""
        headers = {"Location": outcome.location, "ETag": outcome.resource["meta"]["version"]}
        shown = self._shown(outcome)
        return Response(shown, status=204 if shown is None else status, headers=headers)

    def _shown(self, outcome: Outcome) -> dict[str, Any] | None:
        """The written resource with the attributes the client wants; None where the answer has no body."""
        if not outcome.is_whole or self.request.method == "DELETE":
            return None
        return project(outcome.resource, self.projection)

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response]:
        return scim_response

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if isinstance(exc, TokenRefused):
            log_sign_in(self.logged_request, self.kwargs.get("installation", ""), exc, response)
        elif self.writes and self._call is not None:
            log_refusal(self.logged_request, self._call, exc, response)
        return response

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        named = self.kwargs.get("user_id") or self.kwargs.get("group_id")
        if named and parse_id(named) == NOBODY:
            # Django logs the path of a refusal, and what stands there for an id may be a name.
            answer._has_been_logged = True  # type: ignore[attr-defined]
        return answer


class UnknownEndpoint(ScimView):
    """A path under a Tenant URL that SCIM does not have."""

    def _nothing(self, request: Request, **kwargs: Any) -> Response:
        raise NotFound("There is nothing at this address")

    get = post = put = patch = delete = _nothing
