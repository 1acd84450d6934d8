"""The seal: events are chained in order, and later changes to them are found."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from printmgmt.audit import sealer
from printmgmt.audit.models import AuditChain, AuditEvent
from printmgmt.audit.sealer import seal_chunk, seal_due
from printmgmt.audit.services import erase_details, record
from printmgmt.audit.verify import problems
from printmgmt.organizations.models import Organization
from tests import factories

Events = list[AuditEvent]


def written(organization: Organization, number: int, *, ago: timedelta = timedelta(minutes=1)) -> Events:
    """Events that are old enough to be sealed."""
    events = [
        record(
            organization,
            "card.assigned",
            by=factories.TESTER,
            object_type="person",
            object_id=count,
            label="Zoë",
            last4="1234",
        )
        for count in range(number)
    ]
    AuditEvent._base_manager.filter(pk__in=[event.pk for event in events]).update(at=timezone.now() - ago)
    return events


def sql(statement: str, *arguments: object) -> None:
    """What someone with a database client does: past the models that would refuse it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        assert cursor.rowcount == 1


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization()


@pytest.fixture
def five(contoso: Organization) -> Events:
    """Five sealed events."""
    events = written(contoso, 5)
    assert seal_due() == 5
    return [AuditEvent.objects.get(pk=event.pk) for event in events]


def test_events_are_numbered_in_order_and_chained(five: Events, contoso: Organization) -> None:
    assert [event.sequence for event in five] == [1, 2, 3, 4, 5]
    assert len({event.seal for event in five}) == 5
    assert contoso.audit_chain.seal == five[-1].seal
    assert list(problems(contoso)) == []


def test_sealing_goes_on_where_it_stopped(five: Events, contoso: Organization) -> None:
    later = written(contoso, 2)
    seal_due()

    assert [AuditEvent.objects.get(pk=event.pk).sequence for event in later] == [6, 7]
    assert list(problems(contoso)) == []
    assert seal_due() == 0


def test_an_event_that_committed_late_is_sealed_behind_the_others(
    five: Events, contoso: Organization
) -> None:
    """Its id is lower than those that were sealed before anyone could see it."""
    late = AuditEvent(
        id=five[0].pk - 1,
        organization=contoso,
        at=five[0].at,
        actor_kind="system",
        verb="a.b",
        object_type="c",
        details=five[0].details,
        salt=five[0].salt,
        digest=five[0].digest,
    )
    late.save(force_insert=True)

    seal_due()

    assert AuditEvent.objects.get(pk=late.pk).sequence == 6
    assert list(problems(contoso)) == []


def test_what_was_just_written_waits_a_moment(contoso: Organization) -> None:
    written(contoso, 1, ago=timedelta(seconds=1))

    assert seal_due() == 0


def test_each_organization_has_a_chain_of_its_own_and_its_share_of_a_sweep(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    fabrikam = factories.organization("Fabrikam")
    written(contoso, 7)
    written(fabrikam, 2)
    monkeypatch.setattr(sealer, "CHUNK", 3)

    assert seal_due() == 3 + 2
    assert (contoso.audit_chain.sequence, fabrikam.audit_chain.sequence) == (3, 2)
    assert seal_due() == 3
    assert seal_due() == 1
    assert list(problems(contoso)) == []


@pytest.mark.django_db(transaction=True)
def test_sealers_at_once_seal_each_event_once() -> None:
    contoso = factories.organization()
    written(contoso, 60)
    monkey = pytest.MonkeyPatch()
    monkey.setattr(sealer, "CHUNK", 7)

    def seal_some(_turn: int) -> int:
        try:
            return seal_chunk(contoso.pk)
        finally:
            connection.close()

    with monkey.context(), ThreadPoolExecutor(4) as threads:
        sealed = sum(threads.map(seal_some, range(12)))
    monkey.undo()
    while done := seal_due():
        sealed += done

    assert sealed == 60
    assert contoso.audit_chain.sequence == 60
    assert list(problems(contoso)) == []


def test_erased_details_leave_the_chain_valid(five: Events, contoso: Organization) -> None:
    assert erase_details(AuditEvent.objects.filter(object_id="2")) == 1
    assert erase_details(AuditEvent.objects.filter(object_id="2")) == 0

    five[2].refresh_from_db()
    assert (five[2].details, five[2].salt) == (None, None)
    assert list(problems(contoso)) == []


CHANGES = ["at", "actor_kind", "actor_id", "verb", "object_type", "object_id", "request_id", "digest"]


@pytest.mark.parametrize("column", [*CHANGES, "seal", "sealed_at"])
def test_a_changed_column_is_found(five: Events, contoso: Organization, column: str) -> None:
    erase_details(
        AuditEvent.objects.filter(pk=five[1].pk)
    )  # else a wrong digest would be found by the details
    value = timezone.now() if column in ("at", "sealed_at") else "other"
    sql(f"UPDATE audit_auditevent SET {column} = %s WHERE id = %s", value, five[1].pk)  # noqa: S608

    found = list(problems(contoso))

    assert found[0] == f"Event {five[1].pk} (number 2) was changed after it was sealed."
    assert len(found) == (2 if column == "seal" else 1)


def test_changed_details_are_found(five: Events, contoso: Organization) -> None:
    sql("UPDATE audit_auditevent SET details = %s WHERE id = %s", '{"actor": "nobody"}', five[3].pk)

    assert list(problems(contoso)) == [
        f"The details of event {five[3].pk} differ from those that were written."
    ]


def test_changed_details_are_found_before_they_are_sealed(contoso: Organization) -> None:
    event = record(contoso, "card.assigned", by=factories.TESTER, object_type="person")
    sql("UPDATE audit_auditevent SET details = %s WHERE id = %s", '{"actor": "nobody"}', event.pk)

    assert len(list(problems(contoso))) == 1


@pytest.mark.parametrize(
    ("removed", "words"),
    [
        ([0], "The event with number 1 was removed."),
        ([2], "The event with number 3 was removed."),
        ([4], "The event with number 5 was removed."),
        ([1, 2], "The events with the numbers 2 to 3 were removed."),
        ([0, 1, 2, 3, 4], "The events with the numbers 1 to 5 were removed."),
    ],
)
def test_a_removed_row_is_found(five: Events, contoso: Organization, removed: list[int], words: str) -> None:
    for index in removed:
        sql("DELETE FROM audit_auditevent WHERE id = %s", five[index].pk)

    assert list(problems(contoso)) == [words]


def test_a_row_taken_out_of_the_chain_and_sealed_again_is_found(five: Events, contoso: Organization) -> None:
    sql(
        "UPDATE audit_auditevent SET verb='x.y', sequence=NULL, seal=NULL, sealed_at=NULL WHERE id = %s",
        five[2].pk,
    )
    seal_due()

    assert list(problems(contoso)) == ["The event with number 3 was removed."]


def test_the_last_rows_cut_off_with_the_end_moved_back_are_found(five: Events, contoso: Organization) -> None:
    sql("DELETE FROM audit_auditevent WHERE id = %s", five[4].pk)
    sql("UPDATE audit_auditchain SET sequence = 4")

    assert list(problems(contoso)) == ["The chain ends with number 4, but a different end was recorded."]


def test_the_command_names_the_row_and_fails(five: Events, contoso: Organization) -> None:
    other = factories.organization("Fabrikam")
    sql("UPDATE audit_auditevent SET verb = 'x.y' WHERE id = %s", five[1].pk)
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match=r"1 finding\(s\)"):
        call_command("verify_audit", stdout=out, stderr=err)

    assert f"{contoso.slug}: Event {five[1].pk} (number 2) was changed" in err.getvalue()
    call_command("verify_audit", organization=other.slug, stdout=out)


def test_the_command_says_where_the_chain_ends(five: Events, contoso: Organization) -> None:
    record(contoso, "a.b", by=factories.TESTER, object_type="c")
    out = StringIO()

    call_command("verify_audit", stdout=out)

    seal = AuditChain.objects.get().seal
    assert out.getvalue() == f"{contoso.slug}: 6 events, 1 to be sealed; ends with number 5, seal {seal}\n"


@pytest.mark.django_db
def test_the_command_knows_no_such_organization() -> None:
    with pytest.raises(CommandError, match="no organization"):
        call_command("verify_audit", organization="nobody")


def test_an_organization_that_cannot_be_sealed_keeps_no_other_from_it(db: None) -> None:
    broken, sound = sorted((factories.organization() for _number in range(2)), key=lambda made: made.pk)
    AuditChain.objects.create(organization=broken, sequence=2**63 - 1)  # there is no number after it
    written(broken, 1)
    written(sound, 2)

    assert seal_due() >= 2

    assert not AuditEvent.objects.filter(organization=sound, sequence__isnull=True).exists()
    assert AuditEvent.objects.filter(organization=broken, sequence__isnull=True).exists()
