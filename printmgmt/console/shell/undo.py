"""A message that offers to take back what was just done."""

from collections.abc import Iterable, Mapping

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string


def success(
    request: HttpRequest, text: str, *, undo_url: str = "", undo_fields: Mapping[str, Iterable[object]] = {}
) -> None:
    """Tell what was done on the next page; with ``undo_url``, a view that takes a POST, also offer Undo.

    ``undo_fields`` are the fields of the POST: the values of each name.
    """
    if undo_url:
        context = {"text": text, "url": undo_url, "fields": undo_fields}
        text = render_to_string("console/shell/_undo.html", context, request)
    messages.success(request, text)
