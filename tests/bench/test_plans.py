"""Statements of requests, pages and sweeps find their rows by an index, however many rows there are."""

import pytest
from django.db import connection
from django.urls import reverse

from addons.models import Installation
from bench.plans import LARGE, statements, whole_reads
from bench.rows import insert, tidy
from bench.scale_rows import Scale, fill
from scim_sync.monitoring.periodic import maintain
from tests import factories
from tests.due import sweep_all
from tests.scim_sync.client import CORE, GROUP, PATCH_OP, Scim

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="plans of PostgreSQL")

ROWS = 1.2 * LARGE
SMALL = 300
"""People of the organization that asks: a few in a hundred of all."""


@pytest.fixture
def installation(db: None) -> Installation:
    """That of a small organization beside large ones."""
    rows = int(ROWS)
    installations = fill(
        Scale(people=rows, organizations=4, groups=200, crowd=1_000, events=rows, audited=rows, jobs=rows),
        thousand=SMALL,
    )
    insert(
        "deprovisioning.DeprovisionStep",
        "FROM deprovisioning_deprovisionrun AS run CROSS JOIN generate_series(1, 12) AS n",
        organization_id="run.organization_id",
        run_id="run.id",
        name="'hold-jobs'",
        target_kind="'server'",
        target_id="'more ' || n",
        state="'done'",
        ended_at="now()",
    )
    tidy()
    found: Installation = installations[-1]
    return found


def test_no_statement_reads_a_large_table_in_whole(installation: Installation) -> None:
    with statements() as found:
        for ask in (scim_requests, pages, sweeps):
            ask(installation)

    assert len(found.often) > 100
    assert not (reads := whole_reads(found)), "\n".join(f"{table}: {sql}" for table, sql in reads)


def scim_requests(installation: Installation) -> None:
    """What a directory asks for and changes."""
    scim = Scim.of(installation)
    person, other = (
        scim.find(f'userName eq "person{n}@contoso.example"').body["Resources"][0] for n in (3, 4)
    )
    for path in (
        f"/Users/{person['id']}",
        '/Users?filter=externalId eq "x5"',
        '/Users?filter=displayName co "Person 7"',
        "/Users?count=100",
        "/Users?count=100&startIndex=200",
        "/Groups?count=100&excludedAttributes=members",
    ):
        assert scim.get(path.replace(" ", "%20").replace('"', "%22")).status == 200
    created = scim.post({"schemas": [CORE], "userName": "new@contoso.example", "externalId": "new"})
    rename = {"op": "Replace", "path": "displayName", "value": "Renamed"}
    disable = {"op": "Replace", "path": "active", "value": "False"}
    enable = {"op": "Replace", "path": "active", "value": "True"}
    for operation in (rename, disable, enable, disable):
        assert scim.patch(person["id"], operation).status == 200
    assert scim.delete(created.id).status == 204
    group = scim.post({"schemas": [GROUP], "displayName": "New", "externalId": "g"}, "/Groups").id
    member = [{"value": other["id"]}]
    for op in ("Add", "Remove"):
        change = {"schemas": [PATCH_OP], "Operations": [{"op": op, "path": "members", "value": member}]}
        assert scim.send("PATCH", f"/Groups/{group}", change).status in (200, 204)


def pages(installation: Installation) -> None:
    """Lists of the console, searched and filtered, and what they lead to."""
    of = installation.organization
    client, own = factories.signed_in(of), {"organization": of.slug}
    addresses = {name: reverse(name, kwargs=own) for name in LISTS}
    addresses |= {name: factories.page_of(of, name) for name in LOG}
    for name, queries in (LISTS | LOG).items():
        for query in queries:
            assert client.get(addresses[name] + query).status_code == 200, (name, query)
    person = of.people.filter(state="suspended").first()
    assert person is not None
    assert client.get(reverse("console:person", kwargs={**own, "person": person.pk})).status_code == 200


LISTS = {
    "console:dashboard": [""],
    "console:people": ["", "?q=person12", "?state=suspended", "?sort=-name", "?page=2"],
    "console:groups": ["", "?q=group"],
    "console:leavers": ["", "?state=attention", "?q=person", "?trigger=removed"],
    "console:leavers_report": [""],
    "console:jobs": ["", "?state=open", "?q=person12", "?owner=nobody"],
    "console:unassigned_jobs": [""],
    "console:printers": [""],
    "console:audit": ["", "?q=person12"],
    "console:still_holding": [""],
    "console:administrators": [""],
}
LOG = {
    "scim_sync:log": ["", "?result=refused", "?q=person12", "?action=create"],
    "scim_sync:review": [""],
}
"""Pages of the console, and of the add-on, with what they are asked."""


def sweeps(installation: Installation) -> None:
    """What workers look for by themselves."""
    sweep_all()
    maintain()
