"""SCIM's media type (RFC 7644 §3.1, §8.1): accepted with or without charset, sent whatever Accept says."""

from collections.abc import Mapping
from typing import IO, Any

from django_scim.constants import SCIM_CONTENT_TYPE
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from scim_sync.protocol.limits import parse_json


class ScimRenderer(JSONRenderer):
    media_type = SCIM_CONTENT_TYPE
    format = "scim"
    charset = None


class ScimParser(BaseParser):
    """Parses a JSON object; reads one byte more than allowed, to notice a body above the limit."""

    media_type = SCIM_CONTENT_TYPE

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        most = (parser_context or {})["view"].max_body_bytes
        return parse_json(stream.read(most + 1), max_bytes=most)


class JsonParser(ScimParser):
    """Parses `application/json`, which Azure and others send, too."""

    media_type = "application/json"


class OnlyScim(BaseContentNegotiation):
    """Always answers in SCIM: Azure's Accept header is unreliable, and `?format=` is ignored."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], SCIM_CONTENT_TYPE
