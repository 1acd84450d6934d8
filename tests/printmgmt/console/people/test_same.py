"""Merge with…: the search, the two rows side by side, and the button."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.identification import identify
from printmgmt.people.models import Device, PersonState, PrintUser, ReviewItem, ReviewKind, ReviewState
from printmgmt.people.names import name_key
from scim_sync.models import Action, ProvisioningEvent, Result
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.people.pages import HOSTILE, address, post, verbs
from tests.printmgmt.console.people.test_people import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def synced(contoso: Organization) -> PrintUser:
    """Ada as a directory keeps her."""
    person = factories.person(contoso, "ada@contoso.example", display_name="Ada King")
    PrintUser.objects.filter(pk=person.pk).update(source="azure-ad-user-sync:1")
    person.refresh_from_db()
    return person


@pytest.fixture
def local(contoso: Organization) -> PrintUser:
    """Ada as someone added her by hand."""
    return factories.person(contoso, "ada", department="Analysis")


def left(contoso: Organization, user_name: str = "ada@contoso.example") -> PrintUser:
    return factories.leaver(contoso, Trigger.REMOVED, who=factories.person(contoso, user_name)).person


def test_those_who_look_alike_are_offered_before_anything_is_typed(
    page: Page, contoso: Organization, synced: PrintUser, local: PrintUser
) -> None:
    mail = factories.person(contoso, "king", work_email="Ada@contoso.example")
    PrintUser.objects.filter(pk=synced.pk).update(
        work_email="ada@contoso.example", work_email_key="ada@contoso.example"
    )
    number = factories.person(contoso, "byron", employee_number="äb-4711")
    PrintUser.objects.filter(pk=synced.pk).update(
        employee_number="ÄB-４711", employee_number_key=name_key("ÄB-４711")
    )
    factories.person(contoso, "adam@contoso.example")
    factories.person(factories.organization("Fabrikam"), "ada")

    html = page("console:person_same", person=synced.pk)

    assert "Likely duplicates" in html
    for person in (local, mail, number):
        assert address(synced, "person_merge", other=person.pk) in html
    assert html.count(">Compare<") == 3


def test_that_nobody_looks_alike_is_shown(page: Page, contoso: Organization, synced: PrintUser) -> None:
    factories.person(contoso, "bob")

    html = page("console:person_same", person=synced.pk)

    assert "No likely duplicates" in html
    assert "No matches" in page("console:person_same", {"q": "nul\0x"}, person=synced.pk)


def test_the_search_finds_removed_people_and_says_when_there_are_more(
    page: Page, contoso: Organization, synced: PrintUser
) -> None:
    gone = left(contoso, "searched@contoso.example")

    html = page("console:person_same", {"q": "SEARCHED"}, person=synced.pk)

    assert address(synced, "person_merge", other=gone.pk) in html
    assert "Refine your search" not in html
    for number in range(20):
        factories.person(contoso, f"searched{number}")
    html = page("console:person_same", {"q": "searched"}, person=synced.pk)
    assert html.count(">Compare<") == 20
    assert "Refine your search" in html


def test_whom_a_directory_keeps_and_who_is_here_stays(
    page: Page, contoso: Organization, synced: PrintUser, local: PrintUser
) -> None:
    gone = left(contoso, "ada@gone.example")

    assert address(synced, "person_merge", other=local.pk) in page("console:person_same", person=local.pk)
    of_gone = page("console:person_same", person=gone.pk)
    assert address(synced, "person_merge", other=gone.pk) in of_gone
    assert address(local, "person_merge", other=gone.pk) in of_gone


def test_of_two_removed_people_none_is_offered(page: Page, contoso: Organization) -> None:
    gone, twin = left(contoso), left(contoso)

    assert "No likely duplicates" in page("console:person_same", person=gone.pk)
    html = page("console:person_merge", person=gone.pk, other=twin.pk)
    assert "was removed, so nobody can be merged into them" in html
    assert "What will happen" not in html


def test_both_rows_and_the_consequences_are_shown(page: Page, synced: PrintUser, local: PrintUser) -> None:
    set_card(local, "CARD-4711", by=factories.TESTER)
    set_pin(local, "1234", by=factories.TESTER)

    html = page("console:person_merge", person=synced.pk, other=local.pk)

    assert "Ada King stays. Id, names, state" in html
    assert "ada is removed and cannot be restored. The user name ada is free again." in html
    assert "The card ending in 4711 works for Ada King." in html
    assert "The PIN of ada stops working." in html
    assert "This cannot be undone." in html
    assert "Analysis" in html
    assert "Keep the other entry instead" not in html  # the directory's row stays


def test_between_two_rows_of_the_console_the_operator_chooses(
    page: Page, contoso: Organization, local: PrintUser
) -> None:
    twin = factories.person(contoso, "ada@contoso.example")

    html = page("console:person_merge", person=local.pk, other=twin.pk)

    assert "Keep the other entry instead" in html
    assert address(twin, "person_merge", other=local.pk) in html


def test_the_page_says_that_a_leaver_within_grace_comes_back_and_warns_of_a_blocked_one(
    page: Page, contoso: Organization
) -> None:
    gone = factories.person(contoso, "ada@contoso.example")
    set_card(gone, "CARD-4711", by=factories.TESTER)
    leaving.remove(gone, by=factories.TESTER)
    back = factories.person(contoso, "ada@contoso.example", display_name="Ada King")

    html = page("console:person_merge", person=back.pk, other=gone.pk)
    assert "the leaving is undone" in html
    assert "The card ending in 4711 works for Ada King." in html
    assert "Devices are not restored" in html

    leaving.block(blocked := factories.person(contoso, "blocked"), by=factories.TESTER)
    html = page("console:person_merge", person=back.pk, other=blocked.pk)
    assert "blocked is blocked and Ada King is not" in html
    assert "the leaving is undone" not in html


def test_the_button_makes_one_person(
    client: Client, contoso: Organization, page: Page, synced: PrintUser, local: PrintUser
) -> None:
    set_card(local, "CARD-4711", by=factories.TESTER)

    message = post(client, synced, "person_merge", other=local.pk)

    assert message == "ada was merged into Ada King. The card ending in 4711 works for Ada King."
    assert identify(contoso, card="CARD-4711") == synced
    assert verbs(contoso) == ["person.merged", "person.merged"]
    html = page("console:person", person=local.pk)
    assert "Merged into <a" in html
    assert address(synced, "person") in html
    assert "Restore" not in html
    assert "Merge with…" not in html
    assert address(local, "person") in page("console:person", person=synced.pk)


def test_pressed_twice_it_is_refused_with_a_sentence(
    client: Client, synced: PrintUser, local: PrintUser
) -> None:
    post(client, synced, "person_merge", other=local.pk)

    message = post(client, synced, "person_merge", other=local.pk)

    assert message.endswith("ada has already been merged into someone.")
    assert AuditEvent.objects.filter(verb="person.merged").count() == 2


def test_a_merged_row_cannot_be_restored_or_looked_for_again(
    client: Client, page: Page, contoso: Organization, synced: PrintUser, local: PrintUser
) -> None:
    merge_people(synced, local, by=factories.TESTER)

    message = post(client, local, "person_restore")

    assert message == "ada was merged into Ada King and cannot be restored."
    assert local.state == PersonState.REMOVED
    answer = client.get(address(local, "person_same"))
    assert answer.status_code == 302
    assert "No likely duplicates" in page("console:person_same", person=synced.pk)


def test_the_other_of_another_organization_is_not_found(client: Client, synced: PrintUser) -> None:
    stranger = factories.person(factories.organization("Fabrikam"), "ada")
    url = address(synced, "person_merge", other=stranger.pk)

    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
    stranger.refresh_from_db()
    assert stranger.merged_into is None


def test_the_timeline_and_the_runs_of_both_stand_on_one_page(
    page: Page, contoso: Organization, synced: PrintUser, local: PrintUser
) -> None:
    run = leaving.suspend(local, by=factories.TESTER)
    assert run is not None
    ProvisioningEvent.objects.create(
        installation=factories.installed(contoso),
        person=local,
        action=Action.UPDATE,
        result=Result.OK,
        status=200,
        method="PATCH",
        path="/",
        changes=[{"attribute": "title", "old": "", "new": "Countess"}],
    )
    merge_people(synced, local, by=factories.TESTER)

    html = page("console:person", person=synced.pk)

    assert html.count("Merged with another entry") == 1
    assert html.count(f"/leavers/{run.pk}/") >= 2  # in the timeline and in the list of runs
    assert "Countess" in html
    assert html.count("<strong>Person added</strong>") == 2
    assert "Countess" in page("console:person", person=local.pk)


def test_hostile_names_stay_text(client: Client, page: Page, contoso: Organization) -> None:
    keep = factories.person(contoso, display_name=HOSTILE + " 100% %(other)s")
    other = factories.person(contoso, display_name=HOSTILE + " 100% %(other)s")

    shown = page("console:person_same", person=keep.pk)
    compared = page("console:person_merge", person=keep.pk, other=other.pk)
    post(client, keep, "person_merge", other=other.pk)
    after = page("console:person", person=keep.pk)

    for html in (shown, compared, after):
        assert "&lt;script&gt;" in html
        assert "<script>alert" not in html


def test_a_rehire_question_offers_each_of_those_who_left(
    client: Client, page: Page, contoso: Organization
) -> None:
    gone, twin = left(contoso), left(contoso)
    back = factories.person(contoso, "ada@contoso.example")
    item = ReviewItem.objects.create(
        organization=contoso,
        person=back,
        kind=ReviewKind.REHIRE,
        key=str(back.pk),
        details={"tombstones": [str(gone.pk), str(twin.pk)]},
    )
    html = page("console:person", person=back.pk)
    assert address(back, "person_merge", other=gone.pk) in html
    assert address(back, "person_merge", other=twin.pk) in html

    post(client, back, "person_merge", other=gone.pk)

    item.refresh_from_db()
    assert item.state == ReviewState.APPROVED
    assert item.decided_by is not None
    assert address(back, "person_merge", other=twin.pk) not in page("console:person", person=back.pk)


def test_an_auditor_is_not_offered_it(contoso: Organization, synced: PrintUser) -> None:
    html = factories.signed_in(contoso, Role.AUDITOR).get(address(synced, "person")).content.decode()

    assert address(synced, "person_same") not in html


def test_the_searchs_queries_do_not_depend_on_the_rows(
    client: Client, contoso: Organization, synced: PrintUser
) -> None:
    def people(numbers: range) -> None:
        PrintUser.objects.bulk_create(
            PrintUser(organization=contoso, user_name=f"ada@{number}", user_name_key=f"ada@{number}")
            for number in numbers
        )

    people(range(3))
    at_3 = [queries(client, address(synced, "person_same") + query) for query in ("", "?q=ada")]
    people(range(3, 3_000))

    assert [queries(client, address(synced, "person_same") + query) for query in ("", "?q=ada")] == at_3


def test_a_merges_queries_do_not_depend_on_what_is_held(
    client: Client,
    contoso: Organization,
    synced: PrintUser,
    local: PrintUser,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    url = address(synced, "person_merge", other=local.pk)

    def devices(numbers: range) -> None:
        Device.objects.bulk_create(
            Device(organization=contoso, person=local, name="laptop", token_digest=str(number))
            for number in numbers
        )

    devices(range(3))
    at_3 = queries(client, url)
    devices(range(3, 3_000))

    assert queries(client, url) == at_3
    with django_assert_num_queries(45, exact=False):
        client.post(url)
    assert synced.devices.count() == 3_000
