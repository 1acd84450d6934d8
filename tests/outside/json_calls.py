"""JSON over HTTP with a bearer token."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener


def call(method: str, url: str, token: str, body: Any, content_type: str) -> tuple[int, dict[str, Any]]:
    """Send JSON with a bearer token; return status and answer, whatever the status."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, headers, method=method)  # noqa: S310 (the console)
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=60) as response:
            status, text = response.status, response.read()
    except HTTPError as error:
        status, text = error.code, error.read()
    try:
        return status, json.loads(text) if text else {}
    except ValueError:
        return status, {"text": text.decode(errors="replace")[:300]}
