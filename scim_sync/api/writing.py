"""Performing a write and its event: one transaction, in the installation's gate, again after a deadlock."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from printmgmt.deadlocks import retry_on_deadlock
from scim_sync.api.authentication import TokenRefused
from scim_sync.credentials import tokens
from scim_sync.credentials.calls import Call

T = TypeVar("T")


def perform(call: Call, work: Callable[[], T]) -> T:
    """Call ``work`` in a transaction and return its result; call it again after a deadlock.

    Raises TokenRefused if an administrator has paused or uninstalled the add-on or revoked the token.
    """

    begun = call.effort.mark()

    def attempt() -> T:
        call.effort.back_to(begun)
        with transaction.atomic():
            refused = tokens.refusal_inside(call.token)
            if refused is not None:
                raise TokenRefused(refused, call.token)
            return work()

    return retry_on_deadlock(attempt)
