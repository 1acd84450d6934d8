"""A message that offers to take back what was just done."""

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string


def success(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """Tell what was done on the next page; with ``undo_url``, a view that takes a POST, also offer Undo."""
    if undo_url:
        text = render_to_string("console/_undo.html", {"text": text, "url": undo_url}, request)
    messages.success(request, text)
