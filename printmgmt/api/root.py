"""The root of the API: its version, and what there is."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from printmgmt.api.base import ApiView

VERSION = "v1"


class RootSerializer(serializers.Serializer[Any]):
    """``resources``: the addresses that need no parameter, by name."""

    version = serializers.CharField()
    resources = serializers.DictField(child=serializers.URLField())


class RootView(ApiView):
    """Open to everyone: it lists addresses and shows nothing about any organization.

    ``names`` are those of the addresses that need no parameter.
    """

    permission_classes = (AllowAny,)
    names: Sequence[str] = ()

    @extend_schema(
        responses=RootSerializer, auth=[], tags=["root"], operation_id="root", summary="What there is"
    )
    def get(self, request: Request) -> Response:
        resources = {name: settings.PUBLIC_URL + reverse(f"api:{name}") for name in self.names}
        return Response({"version": VERSION, "resources": resources})
