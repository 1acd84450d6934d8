"""Where each attribute is stored, for filters and sorting."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Case, F, OuterRef, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat

from addons.models import Installation
from printmgmt.people.models import LIVE_STATES, GroupMembership, GroupNesting
from printmgmt.people.names import name_key
from scim_sync.adapters.attributes import SINGLES
from scim_sync.adapters.functions import IdText, Negation
from scim_sync.adapters.json_sql import JsonText
from scim_sync.adapters.lists import Emails, FixedTexts, JsonList, Rows, SortableList, TwoTables
from scim_sync.adapters.reading_people import FORMER_NAMES
from scim_sync.adapters.singles import (
    ALWAYS,
    Fixed,
    Flag,
    Identifier,
    Moment,
    Sortable,
    Text,
)
from scim_sync.credentials.tokens import tenant_url
from scim_sync.protocol.attributes import GROUP, USER, Attribute, ResourceKind
from scim_sync.protocol.schemas import ENTERPRISE_USER, PRINTMGMT_USER


@dataclass(frozen=True)
class ResourceColumns:
    """The attributes of a resource type by canonical path. Others are in the JSON of the link row.

    `link` is the relation that `people_of` and `groups_of` define.
    """

    singles: Mapping[str, Sortable]
    lists: Mapping[str, SortableList]
    default_order: tuple[str, ...] = field(default=("created_at", "id"))

    def single(self, attribute: Attribute) -> Sortable:
        found = self.singles.get(attribute.path)
        return found if found is not None else _in_link(attribute)

    def many(self, attribute: Attribute) -> SortableList:
        found = self.lists.get(attribute.path)
        return found if found is not None else JsonList(F("link__folded"), attribute.name)

    def negation(self, condition: Q) -> Q:
        return Q(Negation(condition))

    def sort_key(self, attribute: Attribute) -> Combinable:
        if attribute.multi_valued:
            return self.many(attribute).sort_key("value")
        if attribute.parent is not None and attribute.parent.multi_valued:
            return self.many(attribute.parent).sort_key(attribute.name)
        return self.single(attribute).sort_key


def _in_link(attribute: Attribute) -> Text:
    document = "link__attributes" if attribute.case_exact else "link__folded"
    names = [attribute.name]
    while attribute.parent is not None:
        attribute = attribute.parent
        names.insert(0, attribute.name)
    return Text(JsonText(F(document), names=names))


def user_columns(installation: Installation) -> ResourceColumns:
    """Return where the attributes of `people_of(installation)` are stored."""
    url = tenant_url(installation)
    groups = Rows(
        GroupMembership.objects.present().filter(person=OuterRef("pk"), source=installation.source),
        {
            "value": Identifier(F("group_id")),
            "$ref": _address(f"{url}/Groups", "group_id"),
            "display": Text(F("group__display_name_key")),
            "type": Fixed("direct"),
        },
        order=["group_id"],
    )
    # A person may have returned to a former name.
    aliases = FORMER_NAMES.filter(person=OuterRef("pk")).exclude(value_key=OuterRef("user_name_key"))
    columns = ResourceColumns(
        {
            **_common(USER, f"{url}/Users"),
            **{path: Text(F(attribute.key_column)) for path, attribute in SINGLES.items()},
            "active": Flag(F("active")),
            f"{ENTERPRISE_USER}:manager.value": Text(F("link__manager")),
        },
        {
            "emails": Emails(installation),
            "groups": groups,
            f"{PRINTMGMT_USER}:printAliases": Rows(
                aliases, {"value": Text(F("value_key"))}, order=["valid_from", "id"]
            ),
        },
    )
    return _with_schemas(columns, USER)


def group_columns(installation: Installation) -> ResourceColumns:
    """Return where the attributes of `groups_of(installation)` are stored. Members: only this directory's."""
    url = tenant_url(installation)
    people = Rows(
        GroupMembership.objects.filter(
            group=OuterRef("pk"), source=installation.source, person__state__in=LIVE_STATES
        ),
        {
            "value": Identifier(F("person_id")),
            "$ref": _address(f"{url}/Users", "person_id"),
            "type": Fixed("user"),
            "display": Text(
                Case(
                    When(person__display_name_key="", then="person__user_name_key"),
                    default="person__display_name_key",
                )
            ),
        },
        order=["person_id"],
    )
    nested = Rows(
        GroupNesting.objects.present().filter(parent=OuterRef("pk"), source=installation.source),
        {
            "value": Identifier(F("child_id")),
            "$ref": _address(f"{url}/Groups", "child_id"),
            "type": Fixed("group"),
            "display": Text(F("child__display_name_key")),
        },
        order=["child_id"],
    )
    columns = ResourceColumns(
        {**_common(GROUP, f"{url}/Groups"), "displayName": Text(F("display_name_key"))},
        {"members": TwoTables(people, nested)},
    )
    return _with_schemas(columns, GROUP)


def _common(kind: ResourceKind, url: str) -> dict[str, Sortable]:
    """Return the common attributes (RFC 7643 §3.1)."""
    version = Concat(Value('W/"'), Cast("version", TextField()), Value('"'), output_field=TextField())
    return {
        "id": Identifier(F("id")),
        "externalId": Text(F("link__external_id")),
        "meta.resourceType": Fixed(kind.name),
        "meta.created": Moment(F("created_at")),
        "meta.lastModified": Moment(F("updated_at")),
        "meta.location": _address(url, "id"),
        "meta.version": Text(version),
    }


def _address(url: str, column: str) -> Text:
    return Text(Concat(Value(f"{url}/"), IdText(F(column)), output_field=TextField()))


def _with_schemas(columns: ResourceColumns, kind: ResourceKind) -> ResourceColumns:
    """Add `schemas`: the core schema and each extension with a value (RFC 7643 §3)."""
    texts = {name_key(kind.schema): ALWAYS}
    for extension in kind.extensions.values():
        texts[name_key(extension.name)] = _says_something(columns, extension)
    return ResourceColumns(columns.singles, {**columns.lists, "schemas": FixedTexts(texts)})


def _says_something(columns: ResourceColumns, attribute: Attribute) -> Q:
    if attribute.multi_valued:
        return columns.many(attribute).any(lambda element: element("value").present())
    if not attribute.complex:
        return columns.single(attribute).present()
    shown = (sub for sub in attribute.subs.values() if not sub.write_only)
    return Q(*(_says_something(columns, sub) for sub in shown), _connector=Q.OR)
