"""Client secrets: created and shown once, rotated, revoked; and client credentials switched off and on."""

from datetime import timedelta
from typing import Final, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from addons import gate
from addons.models import Installation
from addons.names import full_name_of
from addons.services import lock_installed
from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Account
from scim_sync.credentials.slots import create_in_slot
from scim_sync.exceptions import SwitchedOff
from scim_sync.models import ScimClient, ScimClientSecret, ScimToken

MARK: Final = "pmclient"
"""What every client secret begins with."""

LIFETIME: Final = timedelta(days=365)
LONGEST: Final = timedelta(days=3 * 365)
"""How long a client secret lives unless another time is asked for, and at most (Microsoft's rule)."""


class NewSecret(NamedTuple):
    """A client secret just created: ``text`` is shown once and not stored."""

    client: ScimClient
    text: str


def token_endpoint(installation: Installation) -> str:
    """The Token endpoint to paste into Azure, made from settings and not from a request's Host."""
    return f"{settings.PUBLIC_URL}/oauth/{installation.pk}/token"


@transaction.atomic
def create_client_secret(
    installation: Installation,
    *,
    by: Actor,
    account: Account | None = None,
    label: str,
    lifetime: timedelta = LIFETIME,
) -> NewSecret:
    """Create a client secret, and the installation's client with the first one.

    Raises ValueError for a lifetime above LONGEST, SwitchedOff, NoFreeSlot when two live, and Uninstalled.
    """
    if not timedelta(0) < lifetime <= LONGEST:
        raise ValueError(f"lifetime: {lifetime} is not between nothing and {LONGEST}")
    lock_installed(installation)
    client, _made = ScimClient.objects.get_or_create(installation=installation)
    if client.off_at is not None:
        raise SwitchedOff(_("Client credentials are switched off. Switch them on first."))
    secret, text = create_in_slot(
        client.secrets,
        mark=MARK,
        label=label,
        account=account,
        lifetime=lifetime,
        full=_("There are already two active client secrets. Revoke one before you create another."),
    )
    _record_secret(secret, "client-secret.created", by)
    return NewSecret(client, text)


@transaction.atomic
def revoke_client_secret(secret: ScimClientSecret, *, by: Actor) -> None:
    """Revoke a client secret and every access token it was used for: the next request with one is refused."""
    gate.close(secret.installation)
    now = timezone.now()
    changed = ScimClientSecret.objects.filter(pk=secret.pk, revoked_at__isnull=True).update(
        revoked_at=now, slot=None
    )
    if changed:
        secret.access_tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
        _record_secret(secret, "client-secret.revoked", by)


@transaction.atomic
def switch_off(client: ScimClient, *, by: Actor) -> bool:
    """Let the client's secrets get no access token, and revoke those it has; False if it was off.

    The secrets stay: `switch_on` undoes it, and Entra then asks for a new access token.
    """
    gate.close(client.installation)
    now = timezone.now()
    if not ScimClient.objects.filter(pk=client.pk, off_at__isnull=True).update(off_at=now):
        return False
    tokens = ScimToken.objects.filter(client_secret__client=client, revoked_at__isnull=True)
    tokens.update(revoked_at=now)
    _record_switch(client, "client.switched-off", by)
    return True


@transaction.atomic
def switch_on(client: ScimClient, *, by: Actor) -> bool:
    """Let the client's secrets get access tokens again; False if it was on. Raises Uninstalled."""
    lock_installed(client.installation)
    if not ScimClient.objects.filter(pk=client.pk, off_at__isnull=False).update(off_at=None):
        return False
    _record_switch(client, "client.switched-on", by)
    return True


def revoke_all_client_secrets(installation: Installation, *, by: Actor) -> None:
    """Revoke every client secret of an installation."""
    secrets = ScimClientSecret.objects.filter(client__installation=installation, revoked_at__isnull=True)
    for secret in secrets.select_related("client__installation__organization"):
        revoke_client_secret(secret, by=by)


def _record_secret(secret: ScimClientSecret, verb: str, by: Actor) -> None:
    record(
        secret.installation.organization,
        verb,
        by=by,
        object_type="client-secret",
        object_id=secret.pk,
        label=secret.label,
        prefix=secret.prefix,
        addon=full_name_of(secret.installation),
    )


def _record_switch(client: ScimClient, verb: str, by: Actor) -> None:
    record(
        client.installation.organization,
        verb,
        by=by,
        object_type="client",
        object_id=client.pk,
        addon=full_name_of(client.installation),
    )
