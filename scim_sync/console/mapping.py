"""Entra's default attribute mapping of an application of one's own, and what becomes of each value here."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scim_sync.protocol.schemas import ENTERPRISE_USER


class Mapped(NamedTuple):
    """One row: Entra's attribute or expression, the SCIM attribute, what it is here if it is used."""

    source: str
    target: str
    here: Promise | None = None


# Source: Microsoft's tutorial "develop a SCIM endpoint", default mapping of a non-gallery application.
DEFAULT_MAPPING: tuple[Mapped, ...] = (
    Mapped("userPrincipalName", "userName", _("User name, by which people are matched")),
    Mapped(
        'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
        "active",
        _("Active or suspended: access ends when it turns false"),
    ),
    Mapped("displayName", "displayName", _("Display name")),
    Mapped("mail", 'emails[type eq "work"].value', _("Work e-mail")),
    Mapped("department", f"{ENTERPRISE_USER}:department", _("Department")),
    Mapped("employeeId", f"{ENTERPRISE_USER}:employeeNumber", _("Employee number")),
    Mapped("preferredLanguage", "preferredLanguage", _("Preferred language")),
    Mapped("mailNickname", "externalId", _("The directory's own id for the person")),
    Mapped("manager", f"{ENTERPRISE_USER}:manager"),
    Mapped("jobTitle", "title"),
    Mapped("givenName", "name.givenName"),
    Mapped("surname", "name.familyName"),
    Mapped('Join(" ", [givenName], [surname])', "name.formatted"),
    Mapped("physicalDeliveryOfficeName", 'addresses[type eq "work"].formatted'),
    Mapped("streetAddress", 'addresses[type eq "work"].streetAddress'),
    Mapped("city", 'addresses[type eq "work"].locality'),
    Mapped("state", 'addresses[type eq "work"].region'),
    Mapped("postalCode", 'addresses[type eq "work"].postalCode'),
    Mapped("country", 'addresses[type eq "work"].country'),
    Mapped("telephoneNumber", 'phoneNumbers[type eq "work"].value'),
    Mapped("mobile", 'phoneNumbers[type eq "mobile"].value'),
    Mapped("facsimileTelephoneNumber", 'phoneNumbers[type eq "fax"].value'),
)
