"""How many requests an installation may make, and how many with wrong tokens come from one address (ADR 40).

429 with ``Retry-After``, never 401 or 5xx: Azure waits after a 429 and quarantines a job for the others.
"""

from math import ceil
from typing import Final, cast

from django.conf import settings
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from printmgmt.organizations.throttling import network_of
from printmgmt.rate_limits import Rate, seconds_to_wait
from scim_sync.credentials.calls import Call
from scim_sync.monitoring.contact import count_throttled

WRONG_TOKENS: Final = Rate(per_second=5, burst=50)
"""Wrong tokens from one address. Right ones are not counted: tenants share Azure's addresses."""


class TooManyRequests(exceptions.Throttled):
    """429; ``wait`` is in whole seconds, for ``Retry-After``."""

    def __init__(self, what: str, wait: float) -> None:
        seconds = max(1, ceil(wait))
        super().__init__()
        self.wait = seconds
        self.detail = exceptions.ErrorDetail(f"{what}; try again in {seconds} s", code=self.default_code)


class InstallationThrottle(BaseThrottle):
    """Counts authenticated requests by installation; no SQL."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not settings.SCIM_REQUESTS_PER_SECOND:
            return True
        installation = cast(Call, request.auth).installation
        rate = Rate(settings.SCIM_REQUESTS_PER_SECOND, settings.SCIM_REQUESTS_AT_ONCE)
        self._wait = seconds_to_wait(f"scim:{installation.pk}", rate)
        if self._wait:
            count_throttled(installation)
        return not self._wait

    def wait(self) -> float:
        return self._wait


def throttle_refused(address: str | None) -> None:
    """Count a request whose token was refused. Raises TooManyRequests when too many came from ``address``."""
    if settings.SCIM_REQUESTS_PER_SECOND and address:
        wait = seconds_to_wait(f"scim-refused:{network_of(address)}", WRONG_TOKENS)
        if wait:
            raise TooManyRequests("Too many requests without a valid token from this address", wait)
