"""Secret tokens: created and shown once, rotated, revoked, and looked up for every request."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from addons import gate
from addons.models import Installation, InstallationState
from addons.names import full_name_of
from addons.services import lock_installed
from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Account
from printmgmt.tokens import bearer
from scim_sync.credentials.reading import read_token
from scim_sync.credentials.slots import create_in_slot
from scim_sync.exceptions import AlreadyMinted
from scim_sync.models import ScimToken, TokenKind
from scim_sync.provisioning_log.reasons import Reason

MARK = "pmscim"
"""What every token of this add-on begins with."""

LIFETIME = timedelta(days=365)


def tenant_url(installation: Installation) -> str:
    """The Tenant URL to paste into Azure, made from settings and not from a request's Host."""
    return f"{settings.PUBLIC_URL}/scim/v2/{installation.pk}"


@transaction.atomic
def mint_first_token(installation: Installation, *, by: Actor, account: Account | None = None) -> str:
    """Create the installation's first secret token and return its text, which is not stored.

    Locks the installation: two pages opened at once get one token. Raises AlreadyMinted when one was ever
    minted, whatever became of it, and Uninstalled.
    """
    lock_installed(installation)
    if ScimToken.objects.secrets().filter(installation=installation).exists():
        raise AlreadyMinted(
            _("A secret token was already created and is shown only once. Rotate it to get a new one.")
        )
    return _mint(installation, by=by, account=account, label=_("First token"))


@transaction.atomic
def rotate_token(
    installation: Installation,
    *,
    by: Actor,
    account: Account | None = None,
    label: str,
    lifetime: timedelta = LIFETIME,
) -> str:
    """Create a second secret token, so that Azure gets the new one while the old one still works.

    Raises NoFreeSlot when two live, and Uninstalled.
    """
    lock_installed(installation)
    return _mint(installation, by=by, account=account, label=label, lifetime=lifetime)


@transaction.atomic
def revoke_token(token: ScimToken, *, by: Actor) -> None:
    """Revoke a token: the next request with it is refused, and so is one that has not begun to write."""
    gate.close(token.installation)
    changed = ScimToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
        revoked_at=timezone.now(), slot=None
    )
    if changed:
        _record(token, "token.revoked", by)


def revoke_all(installation: Installation, *, by: Actor) -> None:
    """Revoke every secret token of an installation."""
    for token in ScimToken.objects.secrets().filter(installation=installation, revoked_at__isnull=True):
        revoke_token(token, by=by)


def find_token(presented: str) -> ScimToken | None:
    """The token that ``presented`` is, live or not, or None; with its installation, organization and visit.

    One query, none when it cannot be a token of ours.
    """
    return bearer.find_token(read_token, presented, mark=MARK)


def refusal(token: ScimToken, installation_id: object) -> Reason | None:
    """The reason why ``token`` does not open the installation in the request's path, or None if it does."""
    if str(token.installation_id) != str(installation_id):
        return Reason.TOKEN_FOREIGN
    expired = token.expires_at <= timezone.now()
    revoked = token.revoked_at is not None
    return _refusal(token, token.installation.state, revoked=revoked, expired=expired)


def _refusal(token: ScimToken, state: str, *, revoked: bool, expired: bool) -> Reason | None:
    is_secret = token.kind == TokenKind.SECRET
    if state == InstallationState.UNINSTALLED:
        return Reason.UNINSTALLED
    if revoked:
        return Reason.TOKEN_REVOKED if is_secret else Reason.ACCESS_TOKEN_REVOKED
    if expired:
        return Reason.TOKEN_EXPIRED if is_secret else Reason.ACCESS_TOKEN_EXPIRED
    return Reason.PAUSED if state == InstallationState.PAUSED else None


def refusal_inside(token: ScimToken) -> Reason | None:
    """The reason once more, read first in the transaction of a write, which may have waited for a stop."""
    rows = ScimToken.objects.filter(pk=token.pk).values_list("installation__state", "revoked_at")
    found = gate.go_through(token.installation, rows)
    if not found:
        return Reason.TOKEN_UNKNOWN
    [(state, revoked_at)] = found
    return _refusal(token, state, revoked=revoked_at is not None, expired=False)


def _mint(
    installation: Installation,
    *,
    by: Actor,
    account: Account | None,
    label: str,
    lifetime: timedelta = LIFETIME,
) -> str:
    token, text = create_in_slot(
        installation.tokens,
        mark=MARK,
        label=label,
        account=account,
        lifetime=lifetime,
        full=_("There are already two active secret tokens. Revoke one before you create another."),
    )
    _record(token, "token.created", by)
    return text


def _record(token: ScimToken, verb: str, by: Actor) -> None:
    record(
        token.installation.organization,
        verb,
        by=by,
        object_type="token",
        object_id=token.pk,
        label=token.label,
        prefix=token.prefix,
        addon=full_name_of(token.installation),
    )
