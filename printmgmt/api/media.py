"""What the API reads and writes: JSON, in bodies of at most 1 MiB."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any, Final

from rest_framework import exceptions
from rest_framework.parsers import JSONParser

MAX_BODY_BYTES: Final = 1024 * 1024


class BodyTooLarge(exceptions.APIException):
    status_code = 413
    default_detail = f"The body has more than {MAX_BODY_BYTES} bytes."


class LengthRequired(exceptions.APIException):
    """A body in chunks, which Django would take for an empty one."""

    status_code = 411
    default_detail = "Send the body with a Content-Length."


class BoundedJsonParser(JSONParser):
    """Strict JSON of limited size; one byte more is read, so that the limit is noticed."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError("The body is nested too deeply.") from error
