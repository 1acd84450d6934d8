"""The floor's rows before the first request."""

from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from rest_framework.authtoken.models import Token

from bench.peers.floor.views import TENANT
from bench.peers.token import TOKEN

PEOPLE = """
INSERT INTO floor_person (id, tenant, user_name, body, created_at)
SELECT gen_random_uuid(), %(tenant)s, name, jsonb_build_object(
    'schemas', jsonb_build_array('urn:ietf:params:scim:schemas:core:2.0:User'), 'userName', name,
    'externalId', 'x' || n, 'displayName', 'Person ' || name, 'active', true,
    'emails', jsonb_build_array(jsonb_build_object('value', name, 'type', 'work', 'primary', true))), now()
FROM generate_series(0, %(people)s - 1) AS n
CROSS JOIN LATERAL (SELECT 'person' || n || '@contoso.example' AS name) AS names
"""
MEMBERS = """
INSERT INTO floor_member ("group", person)
SELECT %(group)s, gen_random_uuid() FROM generate_series(1, %(members)s)
"""


def fill(people: int, members: int) -> dict[str, Any]:
    """Create people, a group of 100 and one of ``members``; return ids, names and groups."""
    Token.objects.create(key=TOKEN, user=User.objects.create(username="directory"))
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"tenant": TENANT, "people": people})
        for group, size in ((1, 100), (2, members)):
            cursor.execute(MEMBERS, {"group": group, "members": size})
        cursor.execute("SELECT id::text, user_name FROM floor_person ORDER BY user_name")
        ids, names = zip(*cursor.fetchall(), strict=True)
    return {"ids": ids, "names": names, "groups": ["1", "2"], "outside": ids}
