"""Removes a hostile charset from `Content-Type` before Django decodes the request with it.

Django reads the charset before any middleware or error handler runs: `charset=rot13` gives a bare 500, and
`charset=utf-16` silently loses the query string, so that a filtered list becomes the whole list.
"""

import codecs
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.utils.http import parse_header_parameters


def safe_content_type(value: str) -> str:
    """Return the header ``value`` without charsets other than UTF-8 and parameters that cannot be parsed.

    Other parameters (``boundary``) stay. Honest clients lose nothing: JSON is always UTF-8 (RFC 8259
    §8.1), and browsers send our forms in UTF-8.
    """
    try:
        media_type, parameters = parse_header_parameters(value)
        if _is_harmless(parameters):
            return value
        kept = {name: text for name, text in parameters.items() if name.lower() != "charset"}
        rebuilt = "; ".join([media_type, *(_parameter(name, text) for name, text in kept.items())])
        if parse_header_parameters(rebuilt) == (media_type, kept):
            return rebuilt
    except (LookupError, ValueError, TypeError):  # raised by the standard library's parser
        pass
    return value.partition(";")[0].strip()


def _is_harmless(parameters: dict[str, str]) -> bool:
    return all(_is_utf8(text) for name, text in parameters.items() if name.lower() == "charset")


def _is_utf8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name == "utf-8"
    except (LookupError, ValueError):  # unknown, or not even a name ("\0")
        return False


def _parameter(name: str, text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{quoted}"'


def safe_wsgi(application: WSGIApplication) -> WSGIApplication:
    """Wrap a WSGI ``application`` so that it sees only a safe Content-Type."""

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = safe_content_type(environ["CONTENT_TYPE"])
        return application(environ, start_response)

    return wrapped


Scope = dict[str, Any]
AsgiApplication = Callable[[Scope, Any, Any], Awaitable[None]]


def safe_asgi(application: AsgiApplication) -> AsgiApplication:
    """Wrap an ASGI ``application`` so that it sees only a safe Content-Type."""

    async def wrapped(scope: Scope, receive: Any, send: Any) -> None:
        if "headers" in scope:
            scope = {
                **scope,
                "headers": [(name, _safe_bytes(name, value)) for name, value in scope["headers"]],
            }
        await application(scope, receive, send)

    return wrapped


def _safe_bytes(name: bytes, value: bytes) -> bytes:
    if name.lower() != b"content-type":
        return value
    return safe_content_type(value.decode("latin-1")).encode("latin-1", "ignore")
