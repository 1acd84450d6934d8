"""Writes whose many jobs are, at once.

Not as Django writes many rows: an upsert sends every column of every row, which took five times the time at
a thousand jobs, and an update with a ``CASE`` of a thousand values fifty times.
"""

from collections.abc import Mapping

from django.db import connection

from printmgmt.printing.jobs.owners import Owner

_TOGETHER = """
UPDATE printing_printjob AS job SET person_id = new.person, doubt = new.doubt, claimed = false
FROM unnest(%s::bigint[], %s::uuid[], %s::text[]) AS new (id, person, doubt) WHERE job.id = new.id
"""
_ONE = "UPDATE printing_printjob SET person_id = %s, doubt = %s, claimed = false WHERE id = %s"


def assign_jobs(owners: Mapping[int, Owner]) -> None:
    """Write whose jobs these are, by their ids; what someone said of one of them alone is over.

    One statement on PostgreSQL; one for each job on SQLite, where none is a round trip. Call with the jobs
    locked.
    """
    if not owners:
        return
    people = [owner.person for owner in owners.values()]
    doubts = [str(owner.doubt) for owner in owners.values()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_TOGETHER, [list(owners), people, doubts])
        else:
            keys = [person and person.hex for person in people]
            cursor.executemany(_ONE, list(zip(keys, doubts, owners, strict=True)))
