"""The one file where SCIM names stand beside model fields.

Built on django-scim2's adapter contract: `to_dict`, `from_dict`, `save`, `delete`, `handle_operations`,
reached through `django_scim.utils.get_user_adapter()`. An attribute lives in one place: a column of the
person where the print domain uses it, else the link row.
"""

from typing import Any, Final

from django.db.models import FilteredRelation, Prefetch, Q, QuerySet
from django.utils import timezone
from django_scim.adapters import SCIMMixin

from addons.models import Installation
from printmgmt.audit.services import record
from printmgmt.deprovisioning import services as leaving
from printmgmt.people import credentials, services
from printmgmt.people.digests import last_digits
from printmgmt.people.exceptions import CardTaken, InvalidName, PersonGone
from printmgmt.people.models import (
    CredentialKind,
    PersonState,
    PrintAlias,
    PrintUser,
    ReviewItem,
    ReviewKind,
)
from printmgmt.people.names import name_key
from scim_sync.calls import Call
from scim_sync.models import ScimUser
from scim_sync.protocol.etags import version_tag
from scim_sync.protocol.filters import Column, Kind
from scim_sync.protocol.patch import apply_patch
from scim_sync.protocol.rendering import render
from scim_sync.protocol.schemas import ENTERPRISE_USER, PRINTMGMT_USER
from scim_sync.tokens import tenant_url

CARD: Final = f"{PRINTMGMT_USER}:cardNumber"
PIN: Final = f"{PRINTMGMT_USER}:pin"

# SCIM attribute → column of the person, for single values at the top and in the enterprise extension.
CORE_COLUMNS: Final = {
    "userName": "user_name",
    "displayName": "display_name",
    "preferredLanguage": "preferred_language",
}
ENTERPRISE_COLUMNS: Final = {"department": "department", "employeeNumber": "employee_number"}

# What may be filtered, and where it is. `link` is the relation of `people_of`.
FILTER_COLUMNS: Final = {
    "id": Column("id", Kind.UUID),
    "username": Column("user_name_key"),
    "displayname": Column("display_name_key"),
    "externalid": Column("link__external_id", case_exact=True),
    "active": Column("active", Kind.BOOLEAN),
    "emails.value": Column("work_email_key"),
    'emails[type eq "work"].value': Column("work_email_key"),
    f"{ENTERPRISE_USER}:manager.value".lower(): Column("link__manager", case_exact=True),
}

FORMER_NAMES: Final = PrintAlias.objects.filter(valid_until__isnull=False)


def user_model() -> type[PrintUser]:
    """django-scim2's USER_MODEL_GETTER."""
    return PrintUser


def people_of(installation: Installation) -> QuerySet[PrintUser]:
    """The people a directory sees: everybody of its organization who is not removed."""
    return _with_links(PrintUser.objects.of(installation.organization).live(), installation)


def tombstones_of(installation: Installation, user_name: str) -> QuerySet[PrintUser]:
    """The people of this name who were removed, whoever removed them; the last one first."""
    removed = PrintUser.objects.of(installation.organization).filter(
        user_name_key=name_key(user_name), state=PersonState.REMOVED
    )
    return _with_links(removed.order_by("-removed_at"), installation)


def _with_links(people: QuerySet[PrintUser], installation: Installation) -> QuerySet[PrintUser]:
    """Two further queries however many people: the links, and the names they printed under before."""
    return people.annotate(
        link=FilteredRelation("scim_links", condition=Q(scim_links__installation=installation)),
    ).prefetch_related(
        Prefetch("scim_links", ScimUser.objects.filter(installation=installation), to_attr="links"),
        Prefetch("aliases", FORMER_NAMES, to_attr="former_names"),
    )


class UserAdapter(SCIMMixin):  # type: ignore[misc]  # django-scim2 ships no types
    """A person as SCIM sees it: ``obj`` as `people_of` or `tombstones_of` gave it, or a new one.

    ``request`` is the Call.
    """

    id_field = "id"
    resource_type = "User"
    obj: PrintUser

    def __init__(self, obj: PrintUser, request: Call) -> None:
        super().__init__(obj, request)
        obj.organization = request.organization  # whose people they all are; spares a query
        links: list[ScimUser] = getattr(obj, "links", [])
        self.link = links[0] if links else None
        self.former_names: list[PrintAlias] = getattr(obj, "former_names", [])
        self.warnings: list[str] = []
        self.ignored: list[str] = []
        self._wanted: dict[str, Any] = {}
        self._write_only: dict[str, str | None] = {}

    @property
    def call(self) -> Call:
        call: Call = self.request
        return call

    @property
    def location(self) -> str:
        return f"{tenant_url(self.call.installation)}/Users/{self.obj.pk}"

    def to_dict(self) -> dict[str, Any]:
        """The representation (RFC 7643 §4.1), without `groups`."""
        person, link = self.obj, self.link
        attributes: dict[str, Any] = link.attributes if link else {}
        resource: dict[str, Any] = {
            "id": str(person.pk),
            "externalId": link.external_id if link else "",
            "meta": {
                "resourceType": self.resource_type,
                "created": _timestamp(person.created_at),
                "lastModified": _timestamp(person.updated_at),
                "location": self.location,
                "version": version_tag(person.version),
            },
            **{name: getattr(person, column) for name, column in CORE_COLUMNS.items()},
            "active": person.active,
            **attributes,
            "emails": _emails_out(attributes.get("emails", []), person.work_email),
        }
        enterprise = dict(attributes.get(ENTERPRISE_USER, {}))
        enterprise |= {name: getattr(person, column) for name, column in ENTERPRISE_COLUMNS.items()}
        if link and link.manager:
            enterprise["manager"] = {"value": link.manager, **enterprise.get("manager", {})}
        resource[ENTERPRISE_USER] = enterprise
        resource[PRINTMGMT_USER] = {
            # Someone may have gone back to a name of before.
            "printAliases": [
                alias.value for alias in self.former_names if alias.value_key != person.user_name_key
            ]
        }
        return render(resource)

    def from_dict(self, d: dict[str, Any], write_only: dict[str, str | None] | None = None) -> None:
        """Take what the person shall be; nothing is written until `save`. Absent attributes are cleared."""
        self._wanted = d
        self._write_only = write_only or {}

    def handle_operations(self, operations: Any) -> None:
        """Apply a PATCH (RFC 7644 §3.5.2) to what `save` will write; all of its operations or none."""
        patched = apply_patch(self.to_dict(), {"Operations": operations}, comparison_key=name_key)
        self.ignored += patched.ignored
        self.from_dict(patched.resource, patched.write_only)

    def save(self) -> None:
        """Write what `from_dict` took, through the core's own services, in the caller's transaction.

        Raises UserNameTaken, SeatLimitReached.
        """
        columns, link = _placed(self._wanted)
        is_new = self.obj._state.adding
        active = self._wanted.get("active", is_new or self.obj.active)
        if is_new:
            self.obj = services.create_person(
                self.call.organization, by=self.call.actor, active=active, **columns
            )
            self._save_link(link)
        else:
            self._save_changes(columns, link)
        self._follow(active)
        self._save_credentials()

    def delete(self) -> None:
        """Drop the link and remove the person, who stays as a tombstone of the console."""
        if self.link:
            self.link.delete()
        leaving.remove(self.obj, by=self.call.actor, requested_at=self.call.received_at)

    def _save_changes(self, columns: dict[str, str], link: dict[str, Any]) -> None:
        """Write what differs; the version rises once, whatever and wherever it is."""
        person, actor = self.obj, self.call.actor
        is_first = person.source != actor.source
        person.source = actor.source  # from the first write on, the fields are the directory's
        changes = services.update_person(person, columns, by=actor)
        if "user_name" in changes:
            self.former_names = list(FORMER_NAMES.filter(person=person))  # the answer shows the old name
        link_changed = self._save_link(link)
        if (is_first or link_changed) and not changes:
            person.version += 1
            person.updated_at = timezone.now()
            person.save(update_fields=["source", "version", "updated_at"])
        if is_first:
            self._record("person.linked")

    def _save_link(self, values: dict[str, Any]) -> bool:
        """Write the link where it differs, and say whether it did. A directory's first write makes it."""
        if self.link is None:
            self.link = ScimUser(installation=self.call.installation, person=self.obj)
        elif all(getattr(self.link, name) == value for name, value in values.items()):
            return False
        for name, value in values.items():
            setattr(self.link, name, value)
        self.link.folded = _folded(self.link.attributes)
        self.link.save()
        return True

    def _follow(self, active: bool) -> None:
        """Take the directory's word on whether the person is active."""
        if active and not self.obj.active:
            leaving.reactivate(self.obj, by=self.call.actor)
        elif self.obj.active and not active:
            leaving.suspend(self.obj, by=self.call.actor, requested_at=self.call.received_at)

    def _record(self, verb: str) -> None:
        record(
            self.call.organization,
            verb,
            by=self.call.actor,
            object_type="person",
            object_id=self.obj.pk,
            label=str(self.obj),
        )

    def _save_credentials(self) -> None:
        for path, value in self._write_only.items():
            try:
                self._save_credential(path, value)
            except PersonGone:
                self.warnings.append(f"{path}: not set, the person is not active")
            except InvalidName:
                self.warnings.append(f"{path}: not set, it is blank")
            except CardTaken as error:
                self.warnings.append(f"{path}: not set, the card is held by someone else")
                self._ask_about_card(value or "", error.holder)

    def _save_credential(self, path: str, value: str | None) -> None:
        kind = CredentialKind.CARD if path == CARD else CredentialKind.PIN
        if value is None:
            credentials.take_back(self.obj, kind, by=self.call.actor)
        elif kind == CredentialKind.CARD:
            credentials.set_card(self.obj, value, by=self.call.actor)
        else:
            credentials.set_pin(self.obj, value, by=self.call.actor)

    def _ask_about_card(self, number: str, holder: object) -> None:
        last4 = last_digits(number)
        ReviewItem.objects.get_or_create(
            organization=self.call.organization,
            kind=ReviewKind.CARD_HELD,
            key=f"{self.obj.pk}:{last4}",
            state="open",
            defaults={
                "person": self.obj,
                "source": self.call.installation.source,
                "request_id": self.call.request_id,
                "details": {"last4": last4, "holder": str(holder or "")},
            },
        )


# Attributes that have a column, or that are not the client's to say.
_ELSEWHERE: Final = {"schemas", "id", "meta", "externalId", "active", "groups", PRINTMGMT_USER, *CORE_COLUMNS}


def _placed(resource: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Each attribute in the one place where it lives: columns of the person, columns of the link row."""
    emails, work_email = _emails_in(resource.get("emails", []))
    enterprise = dict(resource.get(ENTERPRISE_USER, {}))
    manager = dict(enterprise.pop("manager", {}))
    manager_id = manager.pop("value", "")
    columns = {column: resource.get(name, "") for name, column in CORE_COLUMNS.items()}
    columns |= {column: enterprise.pop(name, "") for name, column in ENTERPRISE_COLUMNS.items()}
    columns["work_email"] = work_email
    if manager:
        enterprise["manager"] = manager
    kept = {name: value for name, value in resource.items() if name not in _ELSEWHERE}
    kept |= {"emails": emails, ENTERPRISE_USER: enterprise}
    attributes = {name: value for name, value in kept.items() if value}
    link = {"external_id": resource.get("externalId", ""), "manager": manager_id, "attributes": attributes}
    return columns, link


def _timestamp(moment: Any) -> str:
    return str(moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))


def _is_work(email: Any) -> bool:
    return isinstance(email, dict) and str(email.get("type", "")).casefold() == "work"


def _emails_in(emails: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """The list as the link keeps it, and the first work address, which the person's column keeps."""
    for position, email in enumerate(emails):
        if _is_work(email) and email.get("value"):
            rest = {name: value for name, value in email.items() if name != "value"}
            return [*emails[:position], rest, *emails[position + 1 :]], email["value"]
    return emails, ""


def _emails_out(emails: list[dict[str, Any]], work_email: str) -> list[dict[str, Any]]:
    """`_emails_in`, undone; a person the directory never wrote has just the column."""
    for position, email in enumerate(emails):
        if _is_work(email) and "value" not in email:
            return [*emails[:position], {"value": work_email, **email}, *emails[position + 1 :]]
    return [*emails, {"value": work_email, "type": "work", "primary": True}] if work_email else emails


def _folded(value: Any) -> Any:
    """Every text through the key function, for filters and sorting on both databases alike."""
    if isinstance(value, str):
        return name_key(value)
    if isinstance(value, list):
        return [_folded(item) for item in value]
    if isinstance(value, dict):
        return {name: _folded(item) for name, item in value.items()}
    return value
