"""Bodies without a length: clients may send them in chunks (RFC 9112 §7.1), which Django does not read."""

from io import BytesIO

from django.http import HttpRequest

from scim_sync.protocol.errors import InvalidSyntax


def take_chunked_body(request: HttpRequest, *, max_bytes: int) -> None:
    """Read a chunked body into the request; one byte more than allowed, to notice one above the limit.

    Only under a server that says it ends the input itself. Raises InvalidSyntax for a body that is cut off.
    """
    meta = request.META
    if meta.get("CONTENT_LENGTH") or not meta.get("wsgi.input_terminated"):
        return
    try:
        body = meta["wsgi.input"].read(max_bytes + 1)
    except Exception as error:  # each server has its own for chunks that are none
        raise InvalidSyntax("The body ends before its last chunk") from error
    meta["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)  # what WSGIRequest reads from
