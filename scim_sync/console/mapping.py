"""Entra's default attribute mapping of an application of one's own, and what becomes of each value here."""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scim_sync.adapters.attributes import BY_PATH
from scim_sync.protocol.schemas import ENTERPRISE_USER

# What becomes of a value: the label of the person's attribute, unless more is to be said.
_HERE: Final[dict[str, Promise]] = {
    **{path: attribute.label for path, attribute in BY_PATH.items()},
    "userName": _("User name, by which people are matched"),
    "active": _("Active or suspended: access ends when it becomes false"),
    "externalId": _("The directory's own id for the person"),
}


class Mapped(NamedTuple):
    """One row: Entra's attribute or expression, and the SCIM attribute it is sent as."""

    source: str
    target: str

    @property
    def here(self) -> Promise | None:
        """The label of the field it becomes here; None if it is only stored."""
        return _HERE.get(self.target)


# Source: Microsoft's tutorial "develop a SCIM endpoint", default mapping of a non-gallery application.
DEFAULT_MAPPING: Final = (
    Mapped("userPrincipalName", "userName"),
    Mapped('Switch([IsSoftDeleted], , "False", "True", "True", "False")', "active"),
    Mapped("displayName", "displayName"),
    Mapped("mail", 'emails[type eq "work"].value'),
    Mapped("department", f"{ENTERPRISE_USER}:department"),
    Mapped("employeeId", f"{ENTERPRISE_USER}:employeeNumber"),
    Mapped("preferredLanguage", "preferredLanguage"),
    Mapped("mailNickname", "externalId"),
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
