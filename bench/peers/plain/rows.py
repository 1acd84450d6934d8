"""The rows of plain django-scim2 before the first request."""

from typing import Any

from django.db import connection

PEOPLE = """
INSERT INTO plain_person (
    password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined, scim_id,
    scim_external_id, scim_username)
SELECT '!', false, name, 'Person', 'Number ' || n, name, false, true, now(), NULL, 'x' || n, name
FROM generate_series(0, %(people)s - 1) AS n
CROSS JOIN LATERAL (SELECT 'person' || n || '@contoso.example' AS name) AS names
"""
IDS = "UPDATE plain_person SET scim_id = id::text"
GROUP = "INSERT INTO plain_group (name, scim_id, scim_display_name) VALUES (%(name)s, %(id)s, %(name)s)"
MEMBERS = """
INSERT INTO plain_person_scim_groups (person_id, group_id)
SELECT person.id, "group".id
FROM (SELECT id FROM plain_person ORDER BY id LIMIT %(members)s) AS person
JOIN plain_group AS "group" ON "group".name = %(name)s
"""


def fill(people: int, members: int) -> dict[str, Any]:
    """Create people, a group of up to 100 and, if there are people enough, one of ``members``."""
    sizes = [min(100, people // 2)] + ([members] if people > members else [])
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"people": people})
        cursor.execute(IDS)
        for number, size in enumerate(sizes, start=1):
            group = {"name": f"Group {number}", "id": str(number), "members": size}
            cursor.execute(GROUP, group)
            cursor.execute(MEMBERS, group)
        cursor.execute("SELECT id::text, username FROM plain_person ORDER BY id")
        ids, names = zip(*cursor.fetchall(), strict=True)
    groups = [str(number) for number in range(1, len(sizes) + 1)]
    return {"ids": ids, "names": names, "groups": groups, "outside": ids[max(sizes) :]}
