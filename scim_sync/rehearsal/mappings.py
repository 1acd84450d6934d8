"""Attribute mappings: Entra's default for an application of one's own, and the gallery's for PaperCut."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from scim_sync.rehearsal.directory import User
from scim_sync.rehearsal.targets import ENTERPRISE_USER, Target


@dataclass(frozen=True)
class Attribute:
    """One row of a mapping: where the text comes from, where it goes; references are written last."""

    target: Target
    source: Callable[[User], str]
    reference: bool = False


@dataclass(frozen=True)
class Mapping:
    """A job's rows, the targets it matches by (first wins), and whether the application can soft-delete."""

    attributes: tuple[Attribute, ...]
    matching: tuple[str, ...] = ("userName",)
    soft_delete: bool = True

    def without(self, path: str) -> "Mapping":
        """This mapping without the row of a target."""
        kept = tuple(attribute for attribute in self.attributes if attribute.target.path != path)
        return replace(self, attributes=kept)

    def with_row(self, attribute: Attribute) -> "Mapping":
        """This mapping with one more row."""
        return replace(self, attributes=(*self.attributes, attribute))

    @cached_property
    def values(self) -> tuple[Attribute, ...]:
        """Rows that are values rather than references."""
        return tuple(attribute for attribute in self.attributes if not attribute.reference)

    @cached_property
    def matchers(self) -> tuple[Attribute, ...]:
        """The matching rows, in precedence order."""
        by_path = {attribute.target.path: attribute for attribute in self.attributes}
        return tuple(by_path[path] for path in self.matching)

    @cached_property
    def manager(self) -> Attribute | None:
        return next((attribute for attribute in self.attributes if attribute.reference), None)

    @cached_property
    def active(self) -> Attribute | None:
        return next((attribute for attribute in self.attributes if attribute.target.path == "active"), None)


def direct(name: str) -> Callable[[User], str]:
    """Return a source that copies the attribute `name`."""
    return lambda user: user.get(name)


def user_principal_name(user: User) -> str:
    """Return the UPN; of a guest's `name_domain#EXT#@home` only what precedes `#EXT#`, as Entra does."""
    upn = user.get("userPrincipalName")
    return upn.partition("#EXT#")[0] if user.user_type == "Guest" else upn


def full_name(user: User) -> str:
    return " ".join(part for part in (user.get("givenName"), user.get("surname")) if part)


def row(target: str, source: str | Callable[[User], str]) -> Attribute:
    return Attribute(Target.parse(target), direct(source) if isinstance(source, str) else source)


DEFAULT = Mapping(
    attributes=(
        row("userName", user_principal_name),
        # Switch([IsSoftDeleted], , "False", "True", "True", "False") yields text, not a boolean; the job
        # itself disables soft-deleted users, so here it is always "True".
        row("active", lambda user: "True"),
        row("displayName", "displayName"),
        row("title", "jobTitle"),
        row('emails[type eq "work"].value', "mail"),
        row("preferredLanguage", "preferredLanguage"),
        row("name.givenName", "givenName"),
        row("name.familyName", "surname"),
        row("name.formatted", full_name),
        row('addresses[type eq "work"].formatted', "physicalDeliveryOfficeName"),
        row('addresses[type eq "work"].streetAddress', "streetAddress"),
        row('addresses[type eq "work"].locality', "city"),
        row('addresses[type eq "work"].region', "state"),
        row('addresses[type eq "work"].postalCode', "postalCode"),
        row('addresses[type eq "work"].country', "country"),
        row('phoneNumbers[type eq "work"].value', "telephoneNumber"),
        row('phoneNumbers[type eq "mobile"].value', "mobile"),
        row('phoneNumbers[type eq "fax"].value', "facsimileTelephoneNumber"),
        row("externalId", "mailNickname"),
        row(f"{ENTERPRISE_USER}:employeeNumber", "employeeId"),
        row(f"{ENTERPRISE_USER}:department", "department"),
        Attribute(Target.parse(f"{ENTERPRISE_USER}:manager"), lambda user: user.manager_id, reference=True),
    )
)

# PaperCut's gallery entry has no `active` and no soft delete: unassigning, filtering out, disabling and
# deleting a person all arrive as DELETE.
GALLERY = Mapping(
    attributes=(
        row("userName", user_principal_name),
        row("displayName", "displayName"),
        row('emails[type eq "work"].value', "mail"),
    ),
    soft_delete=False,
)

# Mistakes that administrators make. Without `active`, nobody who leaves is disabled.
WITHOUT_ACTIVE = DEFAULT.without("active")
WITHOUT_VALUE = DEFAULT.without('emails[type eq "work"].value').with_row(
    row('emails[type eq "work"]', "mail")
)
