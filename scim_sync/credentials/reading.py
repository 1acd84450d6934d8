"""Reading what every request needs to know of its token: one statement that is compiled once."""

from collections.abc import Sequence
from typing import Any, Final, cast

from django.db.models import QuerySet, TextField

from addons.models import Installation
from printmgmt.organizations.models import Organization
from printmgmt.statements import Columns, Given, Select
from scim_sync.models import Contact, ScimToken, Visit


def read_token(prefix: str) -> ScimToken | None:
    """Return the token with this prefix, with its installation, the organization, contact and visit."""
    for token in _BY_PREFIX(prefix=prefix):
        return token
    return None


_TOKEN: Final = Columns(ScimToken)
_INSTALLATION: Final = Columns(Installation, below="installation")
_ORGANIZATION: Final = Columns(Organization, below="installation__organization")
_CONTACT: Final = Columns(Contact, below="installation__contact")
_VISIT: Final = Columns(Visit, below="installation__contact__visit")


def _by_prefix() -> QuerySet[ScimToken, Any]:
    return ScimToken.objects.filter(prefix=Given("prefix", TextField())).values_list(
        *_TOKEN.selected,
        *_INSTALLATION.selected,
        *_ORGANIZATION.selected,
        *_CONTACT.selected,
        *_VISIT.selected,
    )


def _token(row: Sequence[Any]) -> ScimToken:
    values = iter(row)
    token = cast(ScimToken, _TOKEN.take(values))
    installation = cast(Installation, _INSTALLATION.take(values))
    installation.organization = cast(Organization, _ORGANIZATION.take(values))
    contact, visit = _CONTACT.take(values), _VISIT.take(values)
    if contact is not None:
        contact.visit = visit
    # Also None is kept: a directory that never called must not be looked for again.
    Installation.contact.related.set_cached_value(installation, contact)
    token.installation = installation
    return token


_BY_PREFIX: Final = Select(_by_prefix, _token)
