"""Why a request was refused, or a write done only in part: one vocabulary for all of it."""

from typing import Final, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Reason(TextChoices):
    """A reason that status and scimType of the answer do not give.

    The values are stored in ``ProvisioningEvent.reasons``; the labels are what filters and files show.
    """

    TOKEN_MISSING = "token-missing", _("No secret token")
    TOKEN_MALFORMED = "token-malformed", _("Malformed secret token")
    TOKEN_UNKNOWN = "token-unknown", _("Unknown secret token")
    TOKEN_FOREIGN = "token-foreign", _("Secret token of another installation")
    TOKEN_EXPIRED = "token-expired", _("Expired secret token")
    TOKEN_REVOKED = "token-revoked", _("Revoked secret token")
    ACCESS_TOKEN_EXPIRED = "access-token-expired", _("Expired access token")
    ACCESS_TOKEN_REVOKED = "access-token-revoked", _("Revoked access token")
    CLIENT_SECRET_MISSING = "client-secret-missing", _("No client secret")
    CLIENT_MALFORMED = "client-malformed", _("Malformed client credentials")
    CLIENT_UNKNOWN = "client-unknown", _("Unknown client identifier")
    CLIENT_SECRET_UNKNOWN = "client-secret-unknown", _("Unknown client secret")
    CLIENT_SECRET_EXPIRED = "client-secret-expired", _("Expired client secret")
    CLIENT_SECRET_REVOKED = "client-secret-revoked", _("Revoked client secret")
    CLIENT_OFF = "client-off", _("Client credentials switched off")
    TRUST_MISSING = "trust-missing", _("Federation not set up")
    PAUSED = "paused", _("Add-on paused")
    UNINSTALLED = "uninstalled", _("Add-on uninstalled")
    LINKED_ALREADY = "linked-already", _("User name already linked")
    NAME_TAKEN = "name-taken", _("User name taken")
    OTHER_DIRECTORY = "other-directory", _("Managed by another directory")
    CARD_HELD = "card-held", _("Card belongs to someone else")
    NOT_ACTIVE = "not-active", _("Person not active")
    BLANK = "blank", _("Card number or PIN empty")
    UNKNOWN_MEMBERS = "unknown-members", _("Unknown members")


UNKNOWN_MEMBER: Final = "members.value: no person or group here has the id"
"""How the ``detail`` begins of a write to a group that names unknown members."""

ENDED: Final = (
    Reason.TOKEN_EXPIRED,
    Reason.TOKEN_REVOKED,
    Reason.CLIENT_SECRET_EXPIRED,
    Reason.CLIENT_SECRET_REVOKED,
)
"""Reasons that a new secret removes. A paused add-on refuses a good one; access tokens renew themselves."""


class Warned(NamedTuple):
    """A part of a write that was left out; ``detail`` names attribute and value, as a refusal would."""

    reason: Reason
    detail: str
