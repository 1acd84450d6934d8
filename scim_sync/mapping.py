"""Entra's default attribute mapping of an application of one's own, and what becomes of each value here."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scim_sync.protocol.schemas import ENTERPRISE_USER

_KEPT = _("Kept for the directory, not used for printing")


class Mapped(NamedTuple):
    """One row: Entra's attribute or expression, the SCIM attribute, what it is here."""

    source: str
    target: str
    here: str | Promise
    used: bool


def _used(source: str, target: str, here: Promise) -> Mapped:
    return Mapped(source, target, here, used=True)


def _kept(source: str, target: str) -> Mapped:
    return Mapped(source, target, _KEPT, used=False)


# Source: Microsoft's tutorial "develop a SCIM endpoint", default mapping of a non-gallery application.
DEFAULT_MAPPING: tuple[Mapped, ...] = (
    _used("userPrincipalName", "userName", _("User name, by which people are matched")),
    _used(
        'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
        "active",
        _("Active or suspended: access ends when it turns false"),
    ),
    _used("displayName", "displayName", _("Display name")),
    _used("mail", 'emails[type eq "work"].value', _("Work e-mail")),
    _used("department", f"{ENTERPRISE_USER}:department", _("Department")),
    _used("employeeId", f"{ENTERPRISE_USER}:employeeNumber", _("Employee number")),
    _used("preferredLanguage", "preferredLanguage", _("Preferred language")),
    _used("mailNickname", "externalId", _("The directory's own id for the person")),
    _kept("manager", f"{ENTERPRISE_USER}:manager"),
    _kept("jobTitle", "title"),
    _kept("givenName", "name.givenName"),
    _kept("surname", "name.familyName"),
    _kept('Join(" ", [givenName], [surname])', "name.formatted"),
    _kept("physicalDeliveryOfficeName", 'addresses[type eq "work"].formatted'),
    _kept("streetAddress", 'addresses[type eq "work"].streetAddress'),
    _kept("city", 'addresses[type eq "work"].locality'),
    _kept("state", 'addresses[type eq "work"].region'),
    _kept("postalCode", 'addresses[type eq "work"].postalCode'),
    _kept("country", 'addresses[type eq "work"].country'),
    _kept("telephoneNumber", 'phoneNumbers[type eq "work"].value'),
    _kept("mobile", 'phoneNumbers[type eq "mobile"].value'),
    _kept("facsimileTelephoneNumber", 'phoneNumbers[type eq "fax"].value'),
)
