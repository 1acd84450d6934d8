"""/Me (RFC 7644 §3.11): not implemented, since a token is no person."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from scim_sync.api.base import ScimView
from scim_sync.protocol.errors import NotImplementedHere


class MeView(ScimView):
    def _nobody(self, request: Request, **kwargs: Any) -> Response:
        raise NotImplementedHere("/Me is not served: a secret token stands for no person")

    get = post = put = patch = delete = _nobody
