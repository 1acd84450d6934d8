"""The rows of `bench.scale`: organizations of very different size with all that years leave behind.

Everything passes the constraints. Seals of the audit trail are not computed (they would be five million
digests one after the other), only numbered, so a verification fails; what is written later is sealed.
"""

from dataclasses import dataclass
from typing import Any

from bench.rows import insert, tidy


@dataclass(frozen=True)
class Scale:
    """How many rows there are in all. ``crowd`` is how many members the one large group has."""

    people: int = 1_000_000
    organizations: int = 1_000
    groups: int = 10_000
    crowd: int = 100_000
    events: int = 3_300_000
    audited: int = 5_000_000
    jobs: int = 1_000_000

    def times(self, factor: float) -> "Scale":
        """The same, smaller; of organizations there are always some."""
        each = {name: max(1, int(number * factor)) for name, number in vars(self).items()}
        return Scale(**{**each, "organizations": max(20, each["organizations"])})

    def sizes(self) -> list[int]:
        """People in each organization: the second has half as many as the first, the third a third…"""
        shares = [1 / place for place in range(1, self.organizations + 1)]
        return [max(1, int(self.people * share / sum(shares))) for share in shares]


def fill(scale: Scale, *, thousand: int = 1_000) -> list[Any]:
    """Create everything; return the installations, the largest organization first.

    The last is that of one more organization, of ``thousand`` people.
    """
    from addons.services import get_addon, install  # noqa: PLC0415
    from printmgmt.audit.actors import system  # noqa: PLC0415
    from printmgmt.organizations.services import create_organization  # noqa: PLC0415

    by, addon, installations = system("bench"), get_addon("azure-ad-user-sync"), []
    sizes = [*scale.sizes(), thousand]
    for number in range(len(sizes)):
        organization, _owner = create_organization(
            f"Organization {number}", owner_email=f"owner{number}@contoso.example"
        )
        installations.append(install(organization, addon, by=by))
    _people(installations, sizes)
    _groups(scale, installations[0])
    _leavers()
    _printing(scale, [installations[0], installations[-1]])
    _events(scale)
    _audit(scale)
    tidy()
    return installations


def _run(sql: str, **values: object) -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def _people(installations: list[Any], sizes: list[int]) -> None:
    """People with a name, a link, a card and a PIN; one in 25 is suspended, one in 50 removed."""
    insert(
        "people.PrintUser",
        """
        FROM unnest(%(organizations)s::uuid[], %(sources)s::text[], %(sizes)s::int[])
            AS own (id, source, size)
        CROSS JOIN LATERAL generate_series(0, own.size - 1) AS n
        CROSS JOIN LATERAL (
            SELECT 'person' || n || '@contoso.example' AS name,
                now() - n %% 300 * interval '1 day' AS moment,
                CASE WHEN n %% 25 = 24 THEN 'suspended' WHEN n %% 50 = 26 THEN 'removed' ELSE 'active' END
                    AS now_is
        ) AS computed
        """,
        values={
            "organizations": [installation.organization_id for installation in installations],
            "sources": [installation.source for installation in installations],
            "sizes": sizes,
        },
        organization_id="own.id",
        user_name="name",
        user_name_key="name",
        display_name="'Person ' || n",
        display_name_key="'person ' || n",
        work_email="name",
        work_email_key="name",
        department="'Department ' || n %% 50",
        department_key="'department ' || n %% 50",
        employee_number="n::text",
        employee_number_key="n::text",
        origin="own.source",
        source="own.source",
        state="now_is",
        active="now_is = 'active'",
        removed_at="CASE WHEN now_is = 'removed' THEN moment END",
        state_since="moment",
        epoch="CASE WHEN now_is = 'active' THEN 0 ELSE 1 END",
        created_at="moment - interval '1 day'",
        updated_at="moment",
    )
    _run(
        """
        CREATE UNLOGGED TABLE bench_people AS
        SELECT person.id, person.organization_id, installation.id AS installation_id, user_name, display_name,
            row_number() OVER (ORDER BY person.organization_id, user_name) AS position,
            row_number() OVER (PARTITION BY person.organization_id ORDER BY user_name) AS place
        FROM people_printuser AS person
        JOIN addons_installation AS installation ON installation.organization_id = person.organization_id
        """
    )
    _run("CREATE UNIQUE INDEX ON bench_people (position)")
    _run("ANALYZE bench_people")
    insert(
        "people.PrintAlias",
        "FROM people_printuser AS person",
        organization_id="organization_id",
        person_id="id",
        value="user_name",
        value_key="user_name_key",
        valid_from="created_at",
        valid_until="removed_at",
        source="source",
    )
    insert(
        "scim_sync.ScimUser",
        "FROM bench_people",
        installation_id="installation_id",
        person_id="id",
        external_id="'x' || (place - 1)",
    )
    insert(
        "people.Credential",
        "FROM people_printuser AS person CROSS JOIN (VALUES ('card'), ('pin')) AS kinds (named) "
        "WHERE state = 'active'",
        organization_id="organization_id",
        person_id="id",
        kind="named",
        key_id="'bench'",
        digest="md5(named || id)",
    )


def _groups(scale: Scale, largest: Any) -> None:
    """Groups, most in large organizations, each person in one; many of the largest's in one more."""
    insert(
        "people.PrintGroup",
        "FROM generate_series(1, %(groups)s) AS n JOIN bench_people AS people "
        "ON people.position = n * (SELECT max(position) FROM bench_people) / (%(groups)s + 1) + 1",
        values={"groups": scale.groups},
        organization_id="people.organization_id",
        display_name="'Group ' || n",
        display_name_key="'group ' || n",
    )
    insert(
        "people.GroupMembership",
        """
        FROM bench_people AS people JOIN (
            SELECT id, organization_id,
                row_number() OVER (PARTITION BY organization_id ORDER BY id) - 1 AS place,
                count(*) OVER (PARTITION BY organization_id) AS number
            FROM people_printgroup
        ) AS groups
        ON groups.organization_id = people.organization_id AND groups.place = people.place %% groups.number
        """,
        group_id="groups.id",
        person_id="people.id",
    )
    insert(
        "people.PrintGroup",
        "FROM organizations_organization WHERE id = %(largest)s",
        values={"largest": largest.organization_id},
        organization_id="id",
        display_name="'Everyone'",
        display_name_key="'everyone'",
    )
    insert(
        "people.GroupMembership",
        "FROM bench_people AS people JOIN people_printgroup AS groups USING (organization_id) "
        "WHERE groups.display_name = 'Everyone' AND people.place <= %(crowd)s",
        values={"crowd": scale.crowd},
        group_id="groups.id",
        person_id="people.id",
    )


def _leavers() -> None:
    """A run of everyone who left, with four steps, one of which is due much later, and a receipt."""
    insert(
        "deprovisioning.LeavingPolicy",
        "FROM organizations_organization AS own WHERE NOT EXISTS ("
        "SELECT FROM deprovisioning_leavingpolicy AS policy WHERE policy.organization_id = own.id)",
        organization_id="own.id",
    )
    insert(
        "deprovisioning.DeprovisionRun",
        """
        FROM people_printuser AS person
        JOIN deprovisioning_leavingpolicy AS policy USING (organization_id)
        CROSS JOIN LATERAL (SELECT get_byte(uuid_send(person.id), 0) AS part) AS parts
        WHERE person.state <> 'active'
        """,
        organization_id="person.organization_id",
        person_id="person.id",
        epoch="1",
        trigger="person.state",
        state="CASE WHEN part < 200 THEN 'finished' WHEN part < 254 THEN 'settled' ELSE 'attention' END",
        policy_id="policy.id",
        source="person.source",
        caused_by="'Microsoft Entra ID'",
        judged_at="state_since",
        requested_at="state_since",
        cut_at="state_since",
        settled_at="state_since",
        ended_at="CASE WHEN part < 200 THEN state_since END",
        next_due_at="CASE WHEN part BETWEEN 200 AND 253 THEN now() + part * interval '1 hour' END",
    )
    insert(
        "deprovisioning.DeprovisionStep",
        """
        FROM deprovisioning_deprovisionrun AS run CROSS JOIN (
            VALUES ('hold-jobs'), ('close-queues'), ('end-device-connections'), ('cancel-jobs')
        ) AS steps (name)
        CROSS JOIN LATERAL (
            SELECT run.state = 'settled' AND steps.name = 'cancel-jobs' AS waits,
                run.state = 'attention' AND steps.name = 'hold-jobs' AS failed) AS computed
        """,
        organization_id="run.organization_id",
        run_id="run.id",
        name="steps.name",
        target_kind="'server'",
        target_id="'1'",
        state="CASE WHEN waits THEN 'pending' WHEN failed THEN 'attention' ELSE 'done' END",
        due_at="CASE WHEN waits THEN run.next_due_at ELSE run.cut_at END",
        immediate="steps.name <> 'cancel-jobs'",
        ended_at="CASE WHEN NOT waits THEN run.cut_at END",
    )
    insert(
        "deprovisioning.Receipt",
        "FROM deprovisioning_deprovisionrun AS run",
        run_id="run.id",
        body="'{}'",
        digest="md5(run.id::text)",
        created_at="run.cut_at",
    )


def _printing(scale: Scale, installations: list[Any]) -> None:
    """Servers, queues and jobs of these organizations; one job in 200 waits."""
    own = {"own": [installation.organization_id for installation in installations]}
    insert(
        "printing.PrintServer",
        "FROM unnest(%(own)s::uuid[]) AS own CROSS JOIN generate_series(1, 5) AS n",
        values=own,
        organization_id="own",
        name="'Server ' || n",
        uri="'ipp://print' || n || '.contoso.example/'",
        address_key="'print' || n || '.contoso.example'",
        last_seen_at="now()",
    )
    insert(
        "printing.Printer",
        "FROM printing_printserver AS server CROSS JOIN generate_series(1, 40) AS n",
        organization_id="server.organization_id",
        server_id="server.id",
        name="'queue' || n",
        uri="server.uri || 'printers/queue' || n",
        state="3",
        accepting="true",
        last_seen_at="now()",
    )
    insert(
        "printing.PrintJob",
        """
        FROM (SELECT *, row_number() OVER (ORDER BY id) AS place FROM printing_printer) AS printer
        CROSS JOIN LATERAL generate_series(1, %(each)s) AS n
        JOIN bench_people AS people
            ON people.organization_id = printer.organization_id AND people.place = n * 7 + printer.place
        CROSS JOIN LATERAL (SELECT now() - n * interval '365 days' / %(each)s AS moment) AS moments
        """,
        values={"each": max(1, scale.jobs // 400)},
        organization_id="printer.organization_id",
        server_id="printer.server_id",
        printer_id="printer.id",
        remote_id="printer.place * 1000000 + n",
        owner_text="people.user_name",
        owner_key="people.user_name",
        person_id="people.id",
        title="'Letter ' || n",
        state="CASE WHEN n %% 200 = 0 THEN 4 ELSE 9 END",
        hold_until="CASE WHEN n %% 200 = 0 THEN 'indefinite' ELSE '' END",
        submitted_at="moment",
        finished_at="CASE WHEN n %% 200 = 0 THEN NULL ELSE moment END",
        seen_at="moment",
    )


def _events(scale: Scale) -> None:
    """The provisioning log of thirty days; one event in 500 is a refused write for an unknown person."""
    insert(
        "scim_sync.ProvisioningEvent",
        """
        FROM generate_series(1, %(events)s) AS n JOIN bench_people AS people
            ON people.position = n * 7919 %% (SELECT max(position) FROM bench_people) + 1
        CROSS JOIN LATERAL (SELECT n %% 500 = 0 AS refused) AS computed
        """,
        values={"events": scale.events},
        installation_id="people.installation_id",
        action="CASE WHEN n %% 20 = 0 THEN 'create' ELSE 'update' END",
        result="CASE WHEN refused THEN 'refused' ELSE 'ok' END",
        status="CASE WHEN refused THEN 409 ELSE 200 END",
        person_id="CASE WHEN NOT refused THEN people.id END",
        subject="people.user_name",
        subject_key="people.user_name",
        changes="""'[{"attribute": "title", "old": null, "new": "x"}]'""",
        request_id="'request-' || n",
        method="'PATCH'",
        path="'/scim/v2/'",
        milliseconds="10",
        at="now() - n * interval '30 days' / %(events)s",
    )
    insert(
        "scim_sync.ProvisioningEventCounter",
        "FROM scim_sync_provisioningevent AS event WHERE result = 'refused'",
        event_id="event.id",
        installation_id="event.installation_id",
        key="event.id::text",
        at="event.at",
        request_id="event.request_id",
        milliseconds="10",
    )
    insert(
        "scim_sync.ProvisioningEventBody",
        "FROM scim_sync_provisioningevent AS event",
        event_id="event.id",
        request="""'{"Operations": [{"op": "Replace", "path": "title", "value": "x"}]}'""",
    )


def _audit(scale: Scale) -> None:
    """Audit events of a year about people, sealed as far as columns go."""
    insert(
        "audit.AuditEvent",
        """
        FROM generate_series(1, %(audited)s) AS n JOIN bench_people AS people
            ON people.position = n * 7919 %% (SELECT max(position) FROM bench_people) + 1
        """,
        values={"audited": scale.audited},
        organization_id="people.organization_id",
        at="now() - (%(audited)s - n) * interval '365 days' / %(audited)s - interval '1 minute'",
        actor_kind="'token'",
        actor_id="'pmscim_bench'",
        verb="'person.updated'",
        object_type="'person'",
        object_id="people.id::text",
        request_id="'request-' || n",
        details="""
            jsonb_build_object('object', people.display_name, 'changes', '{"title": [null, "x"]}'::jsonb)
        """,
        salt="'\\x00'",
        digest="md5(n::text)",
        sequence="1000000 + row_number() OVER (PARTITION BY people.organization_id ORDER BY n)",
        seal="md5('seal' || n)",
        sealed_at="now()",
    )
    _run(
        """
        INSERT INTO audit_auditchain (organization_id, sequence, seal)
        SELECT organization_id, max(sequence), md5('seal') FROM audit_auditevent
        WHERE sequence IS NOT NULL GROUP BY organization_id
        ON CONFLICT (organization_id) DO UPDATE SET sequence = excluded.sequence, seal = excluded.seal
        """
    )
