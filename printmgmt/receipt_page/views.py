"""Verifies a receipt for anyone: pasted, uploaded, or posted as JSON by a program."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from printmgmt.deprovisioning.receipts.keys import public_keys
from printmgmt.deprovisioning.receipts.verifying import verify_text
from printmgmt.organizations.throttling import Limit, TooManyFailures, count_attempt
from printmgmt.requests import client_address

LARGEST: Final = 512 * 1024
"""Bytes of a request: all versions of a usual run are a tenth of it."""

TRIES: Final = Limit("receipts verified", failures=60, within=timedelta(minutes=10))
"""Every verification counts, by address."""


# Without a CSRF check: it would read the upload before its size is known, and there is nothing to protect.
@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class VerifyView(View):
    """Says whether a receipt is valid and why not. Nothing of the request is kept."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page({})

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if _length(request) > LARGEST:
            error = _("This file is too large for a receipt (%(size)d KiB at most).") % {
                "size": LARGEST // 1024
            }
            return self._refuse(error, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            count_attempt([(TRIES, (client_address(request) or "",))])
        except TooManyFailures:
            error = _("Too many receipts were verified from your address. Try again in ten minutes.")
            return self._refuse(error, HTTPStatus.TOO_MANY_REQUESTS)
        if self._is_program:
            verdict = verify_text(request.body)
            return JsonResponse(verdict.as_dict() | {"reasons": verdict.sentences})
        text = _text_of(request)
        if not text.strip():
            return self._refuse(_("Choose a file or paste a receipt."), HTTPStatus.BAD_REQUEST)
        return self._page({"verdict": verify_text(text)})

    @property
    def _is_program(self) -> bool:
        return self.request.content_type == "application/json"

    def _refuse(self, error: str, status: HTTPStatus) -> HttpResponse:
        if self._is_program:
            return JsonResponse({"error": error}, status=status)
        return self._page({"error": error}, status=status)

    def _page(self, context: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
        response = render(self.request, "receipt_page/verify.html", context, status=status)
        response["Cache-Control"] = "no-store"
        return response


@method_decorator(login_not_required, name="dispatch")
class KeysView(View):
    """The public keys, so that others can verify receipts without this console."""

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"keys": public_keys()})


def _length(request: HttpRequest) -> int:
    """The announced size of the body; one that announces none is too large. WSGI reads no further."""
    length = request.META.get("CONTENT_LENGTH", "")
    return int(length) if length.isdecimal() else LARGEST + 1


def _text_of(request: HttpRequest) -> str | bytes:
    upload = request.FILES.get("file")
    return upload.read() if upload else request.POST.get("receipt", "")
