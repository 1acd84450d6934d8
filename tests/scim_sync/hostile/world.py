"""Two organizations with like data, and a digest of each one's rows by table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from addons.models import Installation
from printmgmt.organizations.models import Organization
from scim_sync import models as scim_models
from tests.scim_sync.client import ENTERPRISE, PRINTMGMT, Scim
from tests.scim_sync.hostile.calling import Got, Sent, call

LOG = (
    scim_models.ProvisioningEvent,
    scim_models.ProvisioningEventBody,
    scim_models.ProvisioningEventCounter,
    scim_models.Contact,
    scim_models.Visit,
)
"""What a refused request may add to."""

WRITTEN = {"organizations", "audit", "people", "deprovisioning", "addons", "scim_sync"}
"""Apps that SCIM may cause to write."""

MARK = "Zebra Quagga"
"""In texts of the other organization only: no answer to the first one may contain it."""

Digest = dict[tuple[int, str], str]


@dataclass(frozen=True)
class World:
    """``own`` is the caller's directory; ids of people and groups in both."""

    own: Scim
    own_organization: int
    other_base: str
    other_organization: int
    person: str
    second: str
    group: str
    foreign_person: str
    foreign_group: str

    def sent(self, method: str, path: str, body: Any = None, **headers: str) -> Sent:
        """A request with the right token below the own Tenant URL; ``body`` is JSON unless it is bytes."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return Sent(
            method, f"{self.own.base}{path}", {"Authorization": f"Bearer {self.own.token}", **given}, raw
        )

    def faults(self, sent: Sent, got: Got, before: Digest, after: Digest) -> Iterator[str]:
        """What is wrong with an answer and with what the request did."""
        yield from got.faults
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        if got.status >= 400 and changed:
            yield f"refused and changed {sorted(table for _organization, table in changed)}"
        if foreign := sorted(
            table for organization, table in changed if organization == self.other_organization
        ):
            yield f"changed the other organization's {foreign}"
        if MARK.encode() in got.raw and MARK.encode() not in sent.body:
            yield "it tells of the other organization"

    def examine(self, sent: Sent, before: Digest) -> tuple[Got, Digest, list[str]]:
        """Send a request: the answer, the rows afterwards, and what is wrong."""
        got = call(sent)
        after = digest(self.own_organization, self.other_organization)
        return got, after, list(self.faults(sent, got, before, after))


def make_world(own: Scim, other: Scim) -> World:
    """People and groups of two directories, through the API."""
    ids = []
    for scim, name in ((own, "ada"), (other, MARK)):
        given = {"displayName": name, "emails": [{"type": "work", "value": f"{name[:3]}@contoso.com"}]}
        card = {PRINTMGMT: {"cardNumber": "4711", "pin": "123456"}}
        one = scim.create(
            "ada@contoso.com", externalId="1", **given, **{ENTERPRISE: {"department": name}}, **card
        )
        two = scim.create(f"{name[:3]}2@contoso.com", externalId=one.id, **{ENTERPRISE: {"manager": one.id}})
        group = scim.create_group(f"Staff {name}", one.id, two.id)
        ids.append((one.id, two.id, group.id))
    installations = [Installation.objects.get(pk=scim.base.rsplit("/", 1)[1]) for scim in (own, other)]
    return World(
        own,
        installations[0].organization_id,
        other.base,
        installations[1].organization_id,
        *ids[0],
        foreign_person=ids[1][0],
        foreign_group=ids[1][2],
    )


def digest(*organizations: int) -> Digest:
    """A digest of every table that belongs to an organization, for each of these."""
    statement, columns = _statement()
    # Past Django's cursor: planned once, and not counted or logged.
    rows = connection.connection.execute(statement, [list(organizations)] * columns, prepare=True)
    return {(organization, table): value for table, organization, value in rows}


@cache
def _statement() -> tuple[str, int]:
    parts = list(_parts())
    return " UNION ALL ".join(parts), len(parts)


def _parts() -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        if model in LOG or model._meta.app_label not in WRITTEN:
            continue
        owner = _owner_of(model)
        if owner is None:
            continue
        join, column = owner
        key = model._meta.pk.column
        row = "(to_jsonb(t) - 'last_used_at' - 'last_used_address')::text"
        yield (
            f"SELECT '{model._meta.db_table}', {column}, md5(string_agg({row}, ',' ORDER BY t.\"{key}\"))"  # noqa: S608
            f' FROM "{model._meta.db_table}" t {join} WHERE {column} = ANY(%s) GROUP BY {column}'
        )


def _owner_of(model: type[Model]) -> tuple[str, str] | None:
    """How to reach the organization of a row: a join, and the column."""
    if model is Organization:
        return "", "t.id"
    if direct := _foreign_key(model, Organization):
        return "", f't."{direct}"'
    for field in model._meta.concrete_fields:
        related = field.related_model
        if isinstance(related, type) and (theirs := _foreign_key(related, Organization)):
            join = f'JOIN "{related._meta.db_table}" o ON o."{related._meta.pk.column}" = t."{field.column}"'
            return join, f'o."{theirs}"'
    return None


def _foreign_key(model: type[Model], to: type[Model]) -> str | None:
    return next(
        (str(field.column) for field in model._meta.concrete_fields if field.related_model is to), None
    )
