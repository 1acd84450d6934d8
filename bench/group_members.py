"""Times changes of members in small and large groups: `python -m bench.group_members --members 101 100000`.

One directory for all sizes. Its own PostgreSQL (settings of a test: no fsync), a real gunicorn, one client.
"""

import argparse
from collections.abc import Callable

from bench.scim_requests import directory, report, servers

SPARE = 2_000
"""People without a group, to be added and removed again."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.group_members")
    parser.add_argument("--members", type=int, nargs="+", default=[101, 10_000, 100_000])
    sizes = parser.parse_args().members
    print(f"{'members':>8}  {'request':<28}{'p50 ms':>8}{'p99 ms':>8}{'req/s':>8}{'cpu ms':>8}")
    with servers() as (serve, web):
        serve()
        url, token, ids = directory(max(sizes) + SPARE)
        for size in sizes:
            measure(url, token, ids[:SPARE], ids[SPARE : SPARE + size], web)


def measure(url: str, token: str, spare: list[str], members: list[str], web: int) -> None:
    """Create a group of ``members`` and time the requests that Azure sends for ``spare`` people."""
    import requests  # noqa: PLC0415

    session = requests.Session()
    session.headers.update({"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"})
    name = f"Group of {len(members)}"
    group = f"{url}/Groups/{filled_group(session, url, name, members)}"
    whole = {"excludedAttributes": "members"}

    def patch(op: str, number: int) -> requests.Response:
        member = [{"value": spare[number]}]
        return session.patch(group, json={"Operations": [{"op": op, "path": "members", "value": member}]})

    def remove_by_filter(number: int) -> requests.Response:
        path = f'members[value eq "{spare[number]}"]'
        return session.patch(group, json={"Operations": [{"op": "remove", "path": path}]})

    kinds: dict[str, Callable[[int], requests.Response]] = {
        "PATCH add one": lambda n: patch("Add", n),
        "PATCH add the same again": lambda n: patch("Add", n),
        "PATCH remove one": lambda n: patch("Remove", n),
        "PATCH add, by replace": lambda n: patch("replace", n),
        "PATCH remove by filter": remove_by_filter,
        "GET without members": lambda n: session.get(group, params=whole),
        "GET by name without members": lambda n: session.get(
            f"{url}/Groups", params={"filter": f'displayName eq "{name}"', **whole}
        ),
    }
    for kind, call in kinds.items():
        report(len(members), kind, call, web)


def filled_group(session: object, url: str, name: str, members: list[str]) -> str:
    """Create a group over SCIM, add the members in the database, and return its id."""
    import requests  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from printmgmt.people.models import GroupMembership, PrintGroup  # noqa: PLC0415

    assert isinstance(session, requests.Session)
    answer = session.post(f"{url}/Groups", json={"displayName": name})
    answer.raise_for_status()
    group = PrintGroup.objects.get(pk=answer.json()["id"])
    GroupMembership.objects.bulk_create(
        (GroupMembership(group=group, person_id=member, source=group.source) for member in members),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return str(group.pk)


if __name__ == "__main__":
    main()
