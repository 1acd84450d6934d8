"""The provisioning log: one event a write or refused write, in the write's own transaction."""

import pytest
from django.db import connection

from printmgmt.people.models import PrintUser
from scim_sync.api import logbook
from scim_sync.models import Action, ProvisioningEvent, ProvisioningEventBody, Result, ScimToken
from tests.scim_sync.client import DISABLE, ENABLE, ENTERPRISE, PATCH_OP, Scim, a_user, op
from tests.scim_sync.kept_log import kept_log


def last() -> ProvisioningEvent:
    return ProvisioningEvent.objects.latest("id")


def test_each_write_makes_one_event_that_says_what_it_did(scim: Scim, alice: PrintUser) -> None:
    scim.patch(alice.pk, op("Replace", "title", "Printer"))
    scim.patch(alice.pk, op("Replace", "title", "Printer"))
    scim.put(alice.pk, a_user("alice@contoso.com"))
    scim.patch(alice.pk, DISABLE)
    scim.patch(alice.pk, ENABLE)
    scim.delete(alice.pk)
    scim.create("alice@contoso.com")

    written = ProvisioningEvent.objects.order_by("id").values_list("method", "action", "result", "status")
    assert list(written) == [
        ("POST", Action.CREATE, Result.OK, 201),
        ("PATCH", Action.UPDATE, Result.OK, 200),
        ("PATCH", Action.UPDATE, Result.UNCHANGED, 200),
        ("PUT", Action.UPDATE, Result.OK, 200),
        ("PATCH", Action.SUSPEND, Result.OK, 200),
        ("PATCH", Action.REACTIVATE, Result.OK, 200),
        ("DELETE", Action.REMOVE, Result.OK, 204),
        ("POST", Action.REATTACH, Result.OK, 201),
    ]
    assert set(ProvisioningEvent.objects.values_list("person", flat=True)) == {alice.pk}


def test_an_event_tells_old_and_new(scim: Scim, alice: PrintUser) -> None:
    answer = scim.patch(
        alice.pk,
        op("Replace", "userName", "alice.king@contoso.com"),
        op("Replace", 'emails[type eq "work"].value', "alice.king@contoso.com"),
        op("Replace", f"{ENTERPRISE}:department", None),
        op("Add", "title", "Printer"),
        op("Replace", "favouriteColour", "red"),
        DISABLE,
    )

    event = last()
    changes = {change["attribute"]: (change["old"], change["new"]) for change in event.changes}
    assert changes == {
        "userName": ("alice@contoso.com", "alice.king@contoso.com"),
        'emails[type eq "work"].value': ("alice@contoso.com", "alice.king@contoso.com"),
        f"{ENTERPRISE}:department": ("IT", None),
        "title": (None, "Printer"),
        "active": (True, False),
    }
    assert event.ignored == ["favouriteColour"]
    assert event.subject == "alice.king@contoso.com"
    assert event.token == ScimToken.objects.get()
    assert event.request_id == answer.headers["X-Request-ID"]
    assert event.body.request["schemas"] == [PATCH_OP]
    assert event.path == f"{scim.base}/Users/{alice.pk}"


def test_a_create_tells_every_attribute_as_new(scim: Scim) -> None:
    scim.create("dave", displayName="Dave", favouriteColour="red")

    event = last()
    assert {change["attribute"]: change["new"] for change in event.changes if change["old"] is None} == {
        "id": str(event.person_id),
        "userName": "dave",
        "displayName": "Dave",
        "active": True,
    }
    assert event.ignored == ["favouriteColour"]


def test_reads_and_probes_make_none(scim: Scim, alice: PrintUser) -> None:
    before = ProvisioningEvent.objects.count()

    scim.get("/Users")
    scim.user(alice.pk)
    scim.user("nobody")
    scim.find('title eq "refused"')
    scim.get("/Schemas")

    assert ProvisioningEvent.objects.count() == before


def test_a_refused_write_makes_one_event_with_the_answer(scim: Scim, alice: PrintUser) -> None:
    answer = scim.create("ALICE@contoso.com", displayName="Twin")

    event = last()
    assert (event.action, event.result, event.status, event.scim_type) == (
        Action.CREATE,
        Result.REFUSED,
        409,
        "uniqueness",
    )
    assert event.detail == answer.body["detail"]
    assert event.body.response == answer.body
    assert event.body.request["displayName"] == "Twin"
    assert event.subject == "ALICE@contoso.com"


def test_a_write_that_was_done_keeps_its_answer(scim: Scim, alice: PrintUser) -> None:
    patched = scim.patch(alice.pk, op("Replace", "title", "Printer"))
    assert last().body.response == patched.body
    scim.send("PATCH", f"/Users/{alice.pk}?attributes=title", {"Operations": [op("Replace", "title", "x")]})
    assert last().body.response.keys() == {"schemas", "id", "title"}
    scim.delete(alice.pk)
    assert not ProvisioningEventBody.objects.filter(event=last()).exists()


def test_a_large_answer_is_left_out(scim: Scim, alice: PrintUser) -> None:
    for n in range(9):
        scim.patch(alice.pk, op("Add", "addresses", [{"type": str(n), "formatted": "x" * 3000}]))

    assert list(last().body.request) == ["schemas", "Operations"]
    assert list(last().body.response) == ["left out"]


def test_a_refused_write_to_someone_known_is_on_that_person(scim: Scim, alice: PrintUser) -> None:
    scim.create("taken")

    scim.patch(alice.pk, op("Replace", "userName", "taken"))

    event = last()
    assert (event.status, event.person, event.subject) == (409, alice, "alice@contoso.com")


def test_refusals_of_another_tenants_person_name_nobody(scim: Scim, charlie: PrintUser) -> None:
    scim.delete(charlie.pk)

    event = last()
    assert event.person is None
    assert "charlie" not in event.subject


def test_the_same_refusal_is_counted_not_repeated(scim: Scim, alice: PrintUser) -> None:
    for _n in range(3):
        answer = scim.create("alice@contoso.com")
    scim.create("alice@contoso.com ", active="maybe")

    refused = ProvisioningEvent.objects.filter(result=Result.REFUSED).order_by("id")
    assert [(event.status, event.count) for event in refused] == [(409, 3), (400, 1)]
    assert refused[0].last_at > refused[0].at
    assert answer.status == 409


def test_successes_are_never_counted_together(scim: Scim, alice: PrintUser) -> None:
    for _n in range(2):
        scim.patch(alice.pk, op("Replace", "title", "same"))

    assert ProvisioningEvent.objects.filter(action=Action.UPDATE).count() == 2


def test_an_event_that_cannot_be_written_undoes_the_write(
    scim: Scim, alice: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**fields: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(logbook, "add_event", broken)

    assert scim.patch(alice.pk, DISABLE).status == 500

    alice.refresh_from_db()
    assert alice.active
    assert last().result == Result.FAILED


def test_a_refusal_that_cannot_be_logged_is_still_answered(
    scim: Scim, alice: PrintUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**fields: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")

    monkeypatch.setattr(logbook, "add_or_count_event", broken)

    assert scim.create("alice@contoso.com", active="maybe").status == 400


def test_a_large_body_is_left_out(scim: Scim) -> None:
    scim.create("dave", addresses=[{"type": str(n), "formatted": "x" * 3000} for n in range(9)])

    event = last()
    assert list(event.body.request) == ["left out"]
    assert len(event.changes) == 4 + 9 * 2 - 1


@pytest.mark.rfc("7644", "7.5.2")
def test_the_query_is_not_kept(scim: Scim) -> None:
    scim.post(a_user("dave"), "/Users?code=12345")

    assert ProvisioningEvent.objects.count() == 1
    assert "12345" not in kept_log()


def test_of_two_work_numbers_the_one_that_changed_is_logged(scim: Scim) -> None:
    numbers = [{"type": "work", "value": "1"}, {"type": "work", "value": "2"}]
    person = scim.create("ada", phoneNumbers=numbers)

    scim.put(person.id, a_user("ada", phoneNumbers=[{"type": "work", "value": "9"}, numbers[1]]))

    event = ProvisioningEvent.objects.latest("pk")
    assert event.result == Result.OK
    assert event.changes == [{"attribute": 'phoneNumbers[type eq "work"].value', "old": "1", "new": "9"}]


def test_of_two_work_addresses_the_one_that_is_lost_is_logged(scim: Scim) -> None:
    addresses = [{"type": "work", "locality": "Paris"}, {"type": "work", "locality": "Rome"}]
    person = scim.create("ada", addresses=addresses)

    scim.put(person.id, a_user("ada", addresses=addresses[1:]))

    event = ProvisioningEvent.objects.latest("pk")
    assert event.result == Result.OK
    assert {"attribute": 'addresses[type eq "work"].locality', "old": "Paris", "new": None} in event.changes
