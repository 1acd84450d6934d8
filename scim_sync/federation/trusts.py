"""Trusts: added, changed, and switched off with every access token that was given for them."""

from datetime import datetime
from typing import Any, Final

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
from scim_sync.federation.exceptions import TrustError
from scim_sync.federation.pasted import read_identity
from scim_sync.models import FederatedTrust

MOST: Final = 2
"""Live trusts of one installation: one, and its successor while it is replaced."""


@transaction.atomic
def add_trust(
    installation: Installation,
    *,
    issuer: str,
    subject: str,
    audience: str,
    by: Actor,
    account: Account | None = None,
) -> FederatedTrust:
    """Trust a workload identity from now on. Raises PastedError, TrustError and Uninstalled."""
    identity = read_identity(issuer, subject, audience)
    lock_installed(installation)
    _check_free(installation, issuer, identity.subject)
    if installation.trusts.live().count() >= MOST:
        raise TrustError(
            _("There are already two active federations. Switch one off before you add another.")
        )
    trust = FederatedTrust.objects.create(
        installation=installation, issuer=issuer, subject=subject, audience=audience, added_by=account
    )
    _record(trust, "federation.added", by, issuer=issuer, subject=subject, audience=audience)
    return trust


@transaction.atomic
def change_trust(trust: FederatedTrust, *, issuer: str, subject: str, audience: str, by: Actor) -> bool:
    """Trust another identity instead, with the same client identifier; access tokens of the old one end.

    Returns whether anything changed. Raises PastedError, TrustError and Uninstalled.
    """
    identity = read_identity(issuer, subject, audience)
    gate.close(trust.installation)
    lock_installed(trust.installation)
    trust = FederatedTrust.objects.select_for_update(of=("self",)).get(pk=trust.pk)
    if not trust.is_live:
        raise TrustError(_("This federation was switched off in the meantime."))
    _check_free(trust.installation, issuer, identity.subject, but=trust)
    pasted = {"issuer": issuer, "subject": subject, "audience": audience}
    changes = {
        name: [getattr(trust, name), new] for name, new in pasted.items() if getattr(trust, name) != new
    }
    if not changes:
        return False
    for name, (_old, new) in changes.items():
        setattr(trust, name, new)
    trust.refused_at, trust.refused_address, trust.refusal = None, None, ""
    trust.save(update_fields=[*pasted, "refused_at", "refused_address", "refusal"])
    _end_tokens(trust, timezone.now())
    _record(trust, "federation.changed", by, changes=changes)
    return True


@transaction.atomic
def end_trust(trust: FederatedTrust, *, by: Actor) -> bool:
    """Switch a trust off: no assertion is accepted from now on, and its access tokens end at once.

    A request with such a token that has not begun to write is refused, too. Returns False if it was off.
    """
    gate.close(trust.installation)
    now = timezone.now()
    # Waits for a token that is being given (authentication.use_trust), and ends that, too.
    if not FederatedTrust.objects.live().filter(pk=trust.pk).update(ended_at=now):
        return False
    _end_tokens(trust, now)
    _record(trust, "federation.ended", by)
    return True


def end_all_trusts(installation: Installation, *, by: Actor) -> None:
    """Switch off every trust of an installation."""
    for trust in installation.trusts.live():
        end_trust(trust, by=by)


def _end_tokens(trust: FederatedTrust, now: datetime) -> None:
    trust.access_tokens.filter(revoked_at__isnull=True).update(revoked_at=now)


def _check_free(
    installation: Installation, issuer: str, subject: str, *, but: FederatedTrust | None = None
) -> None:
    same = installation.trusts.live().filter(issuer=issuer, subject=subject).first()
    if same is not None and same != but:
        raise TrustError(_("This issuer and subject are already in use here."))


def _record(trust: FederatedTrust, verb: str, by: Actor, **details: Any) -> None:
    record(
        trust.installation.organization,
        verb,
        by=by,
        object_type="federation",
        object_id=trust.pk,
        label=trust.subject,
        addon=full_name_of(trust.installation),
        **details,
    )
