"""The root of the API: its version, and what there is."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from printmgmt.api.base import ApiView

VERSION = "v1"


class RootView(ApiView):
    """Open to everyone: it lists addresses and shows nothing about any organization.

    ``names`` are those of the addresses that need no parameter.
    """

    permission_classes = (AllowAny,)
    names: Sequence[str] = ()

    def get(self, request: Request) -> Response:
        resources = {name: settings.PUBLIC_URL + reverse(f"api:{name}") for name in self.names}
        return Response({"version": VERSION, "resources": resources})
