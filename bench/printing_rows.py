"""Rows for `bench.printing`: queues, past and waiting jobs, leavers; each kind is one statement."""

from typing import Any

PAST = """
INSERT INTO printing_printjob (
    organization_id, server_id, printer_id, generation, remote_id, job_uuid, owner_text, owner_key, doubt,
    person_id, title, state, state_reasons, hold_until, impressions, sheets, submitted_at, finished_at,
    seen_at, held_by_step, held_by, hold_until_before, holds_lost)
SELECT server.organization_id, server.id, printer.id, 1, n, '', people.user_name, people.user_name_key,
    CASE WHEN n %% 50 = 0 THEN 'unknown' ELSE '' END, CASE WHEN n %% 50 = 0 THEN NULL ELSE people.id END,
    'Letter ' || n, 9, '[]', '', 2, 1, moment, moment, moment, '', '', '', 0
FROM printing_printserver AS server
CROSS JOIN generate_series(1, %(each)s) AS n
JOIN (SELECT *, row_number() OVER () AS position FROM people_printuser) AS people
    ON people.position = n %% 10000 + 1
LEFT JOIN printing_printer AS printer
    ON printer.server_id = server.id AND printer.name = 'queue' || n %% 40 + 1
CROSS JOIN LATERAL (SELECT now() - n * interval '365 days' / %(each)s AS moment) AS moments
"""
"""Past jobs of every server in the last year; the owner of one in 50 is not known."""

QUEUES = """
INSERT INTO printing_printer (
    id, organization_id, server_id, name, uri, uuid, is_class, info, location, make_model, state,
    state_reasons, state_message, accepting, op_policy, hold_default, last_seen_at, stops_again, hold_problem)
SELECT gen_random_uuid(), server.organization_id, server.id, 'queue' || n, 'ipp://bench/printers/queue' || n,
    '', false, 'Queue ' || n, 'Floor ' || n % 9, 'Model ' || n % 5, CASE WHEN n % 20 = 0 THEN 5 ELSE 3 END,
    '[]', '', true, '', '', now(), false, ''
FROM printing_printserver AS server CROSS JOIN generate_series(1, 40) AS n
"""

WAITING = """
INSERT INTO printing_printjob (
    organization_id, server_id, printer_id, generation, remote_id, job_uuid, owner_text, owner_key, doubt,
    person_id, title, state, state_reasons, hold_until, submitted_at, seen_at, held_by_step, held_by,
    hold_until_before, holds_lost)
SELECT organization_id, server_id, printer_id, 1, 1000000 + remote_id, '', owner_text, owner_key, doubt,
    person_id, title, CASE WHEN remote_id %% 3 = 0 THEN 3 ELSE 4 END, '[]', 'indefinite',
    now() - remote_id * interval '10 minutes', now(), '', '', '', 0
FROM printing_printjob WHERE remote_id <= %(each)s
"""
"""So many waiting jobs on each server, like its newest past ones."""

LEAVERS = """
WITH leavers AS (
    INSERT INTO people_printuser (
        id, organization_id, user_name, user_name_key, display_name, display_name_key, work_email,
        work_email_key, department, department_key, employee_number, employee_number_key, preferred_language,
        preferred_language_key, active, state, state_since, legal_hold, typed_addresses, origin, source,
        version, epoch, created_at, updated_at)
    SELECT gen_random_uuid(), %(organization)s, 'leaver' || n, 'leaver' || n, 'Leaver ' || n, 'leaver ' || n,
        '', '', '', '', '', '', '', '', false, 'suspended', moment, false, '[]', 'console', 'console', 2, 1,
        moment, moment
    FROM generate_series(1, %(leavers)s) AS n
    CROSS JOIN LATERAL (SELECT now() - n * interval '365 days' / %(leavers)s AS moment) AS moments
    RETURNING *
)
INSERT INTO deprovisioning_deprovisionrun (
    id, organization_id, person_id, epoch, trigger, state, policy_id, source, caused_by, request_id, reason,
    ticket, ends_console_access, had_access, by_rule, judged_at, requested_at, cut_at, settled_at)
SELECT gen_random_uuid(), organization_id, id, 1, CASE WHEN part < 128 THEN 'suspended' ELSE 'removed' END,
    CASE WHEN part < 230 THEN 'finished' WHEN part < 250 THEN 'settled' ELSE 'attention' END, %(policy)s,
    'console', 'Bench', '', '', '', false, true, false, state_since, state_since,
    state_since + interval '1 second', state_since
FROM leavers CROSS JOIN LATERAL (SELECT get_byte(uuid_send(id), 0) AS part) AS parts
"""
"""People who left in the last year: half suspended, half removed; one in 43 needs attention."""

STEPS = """
INSERT INTO deprovisioning_deprovisionstep (
    due_at, attempts, crashes, lease_owner, error, organization_id, run_id, name, target_kind, target_id,
    target_label, state, immediate, evidence, decided_by, decision_reason)
SELECT run.cut_at, 1, 0, '', '', run.organization_id, run.id, 'hold-jobs', 'server', n::text, 'Server ' || n,
    CASE WHEN run.state = 'attention' AND n <= 2 THEN 'attention' ELSE 'done' END, true, '{}', '', ''
FROM deprovisioning_deprovisionrun AS run CROSS JOIN generate_series(1, 10) AS n
"""
RECEIPTS = """
INSERT INTO deprovisioning_receipt (
    run_id, version, body, personal, salt, digest, key_id, signature, created_at)
SELECT run.id, n, '{}', NULL, NULL, '', '', '', run.cut_at
FROM deprovisioning_deprovisionrun AS run CROSS JOIN generate_series(1, 2) AS n
"""
HOLDINGS = """
INSERT INTO people_credential (
    organization_id, person_id, kind, key_id, digest, last4, source, created_at)
SELECT organization_id, id, kind, 'bench', md5(id::text), '', 'console', created_at
FROM people_printuser CROSS JOIN (VALUES ('card'), ('pin')) AS kinds (kind) WHERE state = 'active'
"""
"""A card and a PIN of everyone who prints."""


def add_queues() -> None:
    """Give each server 40 queues."""
    _run(QUEUES)


def add_past(each: int) -> None:
    """Give each server so many past jobs, spread over the queues it has."""
    _run(PAST, each=each)


def add_waiting(each: int) -> None:
    """Give each server so many waiting jobs."""
    _run(WAITING, each=each)


def add_leavers(organization: Any, leavers: int) -> None:
    """Add so many people who left, each with a run, ten steps and two versions of the receipt."""
    from printmgmt.deprovisioning.policy import current_policy  # noqa: PLC0415

    _run(HOLDINGS)
    policy = current_policy(organization)
    _run(LEAVERS, organization=organization.pk, leavers=leavers, policy=policy.pk)
    _run(STEPS)
    _run(RECEIPTS)


def tidy() -> None:
    """Bring the statistics up to date: autovacuum is off in this cluster."""
    _run("VACUUM ANALYZE")


def _run(sql: str, **values: object) -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
