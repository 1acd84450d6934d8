"""The audit trail: written once, its personal part erasable, its digest for ever."""

import hashlib
import json

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from printmgmt.audit.actors import Actor, system
from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.audit.services import details_digest, erase_details, record
from printmgmt.audit.verify import problems
from printmgmt.organizations.models import Organization
from printmgmt.requests import RequestIdMiddleware
from tests import factories

ADA = Actor(kind=ActorKind.ACCOUNT, label="ada@contoso.example", id="a1", request_id="f00d")


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization()


@pytest.fixture
def event(contoso: Organization) -> AuditEvent:
    return record(
        contoso,
        "card.assigned",
        by=ADA,
        object_type="person",
        object_id=7,
        label="Bob",
        last4="1234",
        n=[1, None],
    )


def test_event_says_who_did_what_to_whom_in_which_request(event: AuditEvent) -> None:
    event.refresh_from_db()
    assert (event.actor_kind, event.actor_id, event.request_id) == ("account", "a1", "f00d")
    assert (event.verb, event.object_type, event.object_id) == ("card.assigned", "person", "7")
    assert event.details == {"actor": "ada@contoso.example", "object": "Bob", "last4": "1234", "n": [1, None]}
    assert (event.sequence, event.seal, event.sealed_at) == (None, None, None)


def test_an_event_outside_a_request_names_no_address_and_within_one_the_senders(
    contoso: Organization, event: AuditEvent, rf: RequestFactory
) -> None:
    def answer(_request: HttpRequest) -> HttpResponse:
        record(contoso, "pin.assigned", by=ADA, object_type="person")
        return HttpResponse()

    RequestIdMiddleware(answer)(rf.get("/", REMOTE_ADDR="192.0.2.7"))
    afterwards = record(contoso, "pin.assigned", by=ADA, object_type="person")

    within = AuditEvent.objects.get(verb="pin.assigned", id__lt=afterwards.pk)
    assert (within.details or {})["address"] == "192.0.2.7"
    assert "address" not in (event.details or {})
    assert "address" not in (afterwards.details or {})


def test_digest_is_over_salt_and_canonical_details_as_stored(event: AuditEvent) -> None:
    event.refresh_from_db()
    canonical = json.dumps(event.details, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert event.digest == hashlib.sha256(bytes(event.salt or b"") + canonical.encode()).hexdigest()


def test_digest_does_not_depend_on_the_order_of_names() -> None:
    assert details_digest(b"s", {"a": 1, "b": "é"}) == details_digest(b"s", {"b": "é", "a": 1})
    assert details_digest(b"s", {"a": 1}) != details_digest(b"t", {"a": 1})


def test_same_details_have_another_salt_and_digest(contoso: Organization, event: AuditEvent) -> None:
    again = record(
        contoso,
        "card.assigned",
        by=ADA,
        object_type="person",
        object_id=7,
        label="Bob",
        last4="1234",
        n=[1, None],
    )

    assert again.details == event.details
    assert again.digest != event.digest


def test_names_stand_in_the_erasable_part_only(event: AuditEvent) -> None:
    erase_details(AuditEvent.objects.filter(pk=event.pk))

    left = str(AuditEvent.objects.values().get(pk=event.pk))
    assert "ada@" not in left  # a digest in hexadecimal may well hold "ada"
    assert "Bob" not in left
    assert event.digest in left


def test_the_console_itself_can_act(contoso: Organization) -> None:
    by = system("sweep", request_id="cafe")

    event = record(contoso, "run.settled", by=by, object_type="run")

    assert (event.actor_kind, event.request_id) == ("system", "cafe")
    assert event.details == {"actor": "sweep", "object": ""}


def test_event_is_never_changed_or_deleted(event: AuditEvent) -> None:
    event.verb = "nothing.happened"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        AuditEvent.objects.filter(pk=event.pk).delete()
    with pytest.raises(TypeError):
        AuditEvent.objects.filter(pk=event.pk).update(verb="nothing.happened")

    event.refresh_from_db()
    assert event.verb == "card.assigned"


@pytest.mark.parametrize("half", [{"details": None}, {"salt": None}])
def test_details_are_not_erased_without_their_salt(half: dict[str, None], event: AuditEvent) -> None:
    with pytest.raises(TypeError):
        AuditEvent.objects.filter(pk=event.pk).update(**half)


@pytest.mark.parametrize(
    ("half", "constraint"),
    [
        ({"sequence": 1}, "audit_sealed_together"),
        ({"seal": "s"}, "audit_sealed_together"),
        ({"details": None}, "audit_erased_together"),
        ({"salt": None}, "audit_erased_together"),
    ],
)
def test_database_holds_what_belongs_together(
    half: dict[str, object], constraint: str, event: AuditEvent
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AuditEvent._base_manager.filter(pk=event.pk).update(**half)


def test_sequence_is_once(contoso: Organization, event: AuditEvent) -> None:
    other = record(contoso, "x", by=ADA, object_type="y")
    seal = {"sequence": 1, "seal": "s", "sealed_at": timezone.now()}
    AuditEvent.objects.filter(pk=event.pk).update(**seal)

    with pytest.raises(IntegrityError, match="sequence"), transaction.atomic():
        AuditEvent.objects.filter(pk=other.pk).update(**seal)


def test_reason_and_ticket_are_kept_proven_and_erased_with_the_details(contoso: Organization) -> None:
    event = record(contoso, "x", by=ADA, object_type="y", reason="Lost phone of Bob", ticket="INC-7")
    assert (event.reason, event.ticket) == ("Lost phone of Bob", "INC-7")
    assert list(problems(contoso)) == []

    AuditEvent._base_manager.filter(pk=event.pk).update(reason="Nothing")
    assert "differ from those that were written" in "".join(problems(contoso))
    erase_details(AuditEvent.objects.filter(pk=event.pk))

    assert AuditEvent.objects.values_list("reason", "ticket").get(pk=event.pk) == ("", "")
    assert list(problems(contoso)) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent._base_manager.filter(pk=event.pk).update(reason="Bob")
