"""What a refused assertion means, and what an administrator changes: in words for the details page."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scim_sync.models import TrustRefusal


@dataclass(frozen=True)
class Refusal:
    """``what`` happened and the ``fix``, each a sentence or two."""

    what: str | Promise
    fix: str | Promise


_PASTE_AGAIN = _("Copy the issuer, subject and audience from Azure again and save them here.")
_NOT_ENTRA = _("If the address is not Microsoft's, you can ignore this: someone tried and was refused.")

REFUSALS: Final[dict[TrustRefusal, Refusal]] = {
    TrustRefusal.SWITCHED_OFF: Refusal(
        _("Entra still uses a federation that is switched off here."),
        _("Add a federation here and paste its client identifier into Azure, or stop provisioning there."),
    ),
    TrustRefusal.MALFORMED: Refusal(
        _("What was sent is not a token that Entra signs."),
        _NOT_ENTRA,
    ),
    TrustRefusal.TOO_LARGE: Refusal(
        _("What was sent is too large for a token that Entra signs."), _NOT_ENTRA
    ),
    TrustRefusal.ALGORITHM: Refusal(
        _("The token is not signed with RS256, the only algorithm that Entra uses here."), _NOT_ENTRA
    ),
    TrustRefusal.CLIENT: Refusal(
        _("The client identifier in Azure is not the one of this console."),
        _("Copy the client identifier from this page and paste it into Azure."),
    ),
    TrustRefusal.VERSION: Refusal(
        _("Entra sent a token of version 1.0."),
        _(
            "In Azure open the app registration's manifest, set requestedAccessTokenVersion to 2 and save. "
            "Then test the connection again."
        ),
    ),
    TrustRefusal.ISSUER: Refusal(
        _("The token names your tenant, but its issuer is written differently from the one saved here."),
        _PASTE_AGAIN,
    ),
    TrustRefusal.TENANT: Refusal(
        _("The token is from another Microsoft Entra tenant."),
        _("Check that you copied the issuer from the tenant that provisions to this console."),
    ),
    TrustRefusal.AUDIENCE: Refusal(
        _("The token is for another application: its audience is not the one saved here."), _PASTE_AGAIN
    ),
    TrustRefusal.SUBJECT: Refusal(
        _("The token is from another workload identity: its subject is not the one saved here."), _PASTE_AGAIN
    ),
    TrustRefusal.EXPIRED: Refusal(
        _("The token has expired."),
        _("Entra sends a new one by itself. If this repeats, check the clock of the console's host."),
    ),
    TrustRefusal.TOO_EARLY: Refusal(
        _("The token is not valid yet."), _("Check the clock of the console's host: it seems to be slow.")
    ),
    TrustRefusal.TOO_LONG: Refusal(
        _("The token is valid for more than two hours, which is too long."),
        _("Remove the policy in Azure that makes access tokens of this application valid for longer."),
    ),
    TrustRefusal.KEY: Refusal(
        _("The token is signed with a key that Microsoft does not publish for your tenant."),
        _("Test the connection again in a minute: the keys are read again by then."),
    ),
    TrustRefusal.NO_KEYS: Refusal(
        _("Microsoft's keys for your tenant could not be read, so no token can be checked."),
        _("Ask your host to let the console call the host named in the issuer, on port 443."),
    ),
    TrustRefusal.SIGNATURE: Refusal(
        _("The signature of the token is wrong: it was changed, or Entra did not sign it."), _NOT_ENTRA
    ),
}
