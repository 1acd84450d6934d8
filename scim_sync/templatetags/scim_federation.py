"""What a page says of a trust."""

from django import template
from django.utils.functional import Promise

from scim_sync.federation.issuers import read_issuer
from scim_sync.federation.keys import trouble_of
from scim_sync.federation.refusals import REFUSALS, Refusal
from scim_sync.models import FederatedTrust, SigningKeys, TrustRefusal

register = template.Library()


@register.filter
def cloud(trust: FederatedTrust) -> str | Promise:
    """The cloud of a trust's tenant."""
    return read_issuer(trust.issuer).cloud.label


@register.filter
def refusal_words(trust: FederatedTrust) -> Refusal:
    """What the last refused assertion means and what to change."""
    return REFUSALS[TrustRefusal(trust.refusal)]


@register.filter
def keys_trouble(trust: FederatedTrust) -> SigningKeys | None:
    """Why the tenant's keys could not be read, if that is why an assertion was refused."""
    return trouble_of(read_issuer(trust.issuer)) if trust.refusal == TrustRefusal.NO_KEYS else None
