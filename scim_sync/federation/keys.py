"""The keys of tenants, in a table for all hosts: read again hourly and for an unknown key, never in a flood.

See docs/adr/0039-federation.md.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from joserfc.jwk import RSAKey

from scim_sync.federation.exceptions import AssertionRefused
from scim_sync.federation.fetching import CannotFetch, fetch
from scim_sync.federation.issuers import Issuer
from scim_sync.federation.key_documents import NotKeys, public_key, read_keys
from scim_sync.models import KeysTrouble, SigningKeys, TrustRefusal

FRESH: Final = timedelta(hours=1)
"""Keys older than this are read again: one that Microsoft withdrew signs nothing any more."""
PAUSE: Final = timedelta(minutes=1)
"""Between two questions for the keys of one tenant, from all hosts together."""
KEPT: Final = timedelta(days=1)
"""How long keys count while Microsoft does not answer."""


def key_of(issuer: Issuer, kid: str, *, now: datetime) -> RSAKey:
    """The public key with this id. Raises AssertionRefused if there is none, or none can be known now.

    May ask Microsoft, for up to ``fetching.WITHIN`` seconds: not inside a transaction.
    """
    known = _known(issuer)
    if known is None or kid not in known.keys or not _is_younger(known, FRESH, now):
        refresh(issuer, now=now)
        known = _known(issuer)
    if known is None or not _is_younger(known, KEPT, now):
        raise AssertionRefused(TrustRefusal.NO_KEYS)
    if kid not in known.keys:
        raise AssertionRefused(TrustRefusal.KEY)
    return public_key(known.keys[kid])


def refresh(issuer: Issuer, *, now: datetime) -> None:
    """Ask Microsoft for a tenant's keys, unless any host did within PAUSE; what goes wrong is kept, too."""
    if not _may_ask(issuer, now):
        return
    rows = SigningKeys.objects.filter(host=issuer.cloud, tenant=issuer.tenant)
    try:
        keys = read_keys(fetch(issuer), issuer)
    except CannotFetch as error:
        rows.update(trouble=error.trouble, detail=error.detail)
    except NotKeys as error:
        rows.update(trouble=KeysTrouble.CONTENT, detail=str(error))
    else:
        rows.update(keys=keys, fetched_at=now, trouble="", detail="")


def trouble_of(issuer: Issuer) -> SigningKeys | None:
    """What is known of a tenant's keys if something was wrong when they were read last."""
    known = _known(issuer)
    return known if known is not None and known.trouble else None


def _known(issuer: Issuer) -> SigningKeys | None:
    return SigningKeys.objects.filter(host=issuer.cloud, tenant=issuer.tenant).first()


def _is_younger(known: SigningKeys, age: timedelta, now: datetime) -> bool:
    return known.fetched_at is not None and known.fetched_at > now - age


# durable: the row's lock would be held while Microsoft answers, and with SQLite the whole database.
@transaction.atomic(durable=True)
def _may_ask(issuer: Issuer, now: datetime) -> bool:
    """Take the one question a minute, for all hosts: an UPDATE finds the row free once."""
    rows = SigningKeys.objects.filter(host=issuer.cloud, tenant=issuer.tenant)
    free = rows.filter(Q(asked_at__isnull=True) | Q(asked_at__lte=now - PAUSE))
    if not rows.exists():
        SigningKeys.objects.get_or_create(host=issuer.cloud, tenant=issuer.tenant)
    return bool(free.update(asked_at=now))
