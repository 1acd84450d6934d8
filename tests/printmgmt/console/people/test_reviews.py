"""The question on a person's page whether they are someone who left."""

import pytest
from django.test import Client

from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PrintUser, ReviewItem, ReviewKind, ReviewState
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.people.pages import address, post, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def left(contoso: Organization) -> PrintUser:
    person = factories.person(contoso, "ada@contoso.example", display_name="Ada who left")
    factories.leaver(contoso, Trigger.REMOVED, who=person)
    return person


@pytest.fixture
def rehired(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada@contoso.example")


def question(rehired: PrintUser, *named: PrintUser) -> ReviewItem:
    return ReviewItem.objects.create(
        organization=rehired.organization,
        person=rehired,
        kind=ReviewKind.REHIRE,
        key=str(rehired.pk),
        details={"tombstones": [str(person.pk) for person in named]},
    )


def test_those_who_left_are_shown_with_their_pages(page: Page, left: PrintUser, rehired: PrintUser) -> None:
    theirs = factories.person(factories.organization("Fabrikam"), display_name="A stranger")
    question(rehired, left, theirs)

    html = page("console:person", person=rehired.pk)

    assert "Several people who left" in html
    assert address(left, "person") in html
    assert "A stranger" not in html


def test_several_who_left_are_mentioned_as_several(page: Page, left: PrintUser, rehired: PrintUser) -> None:
    question(rehired, left, factories.leaver(rehired.organization, factories.Trigger.REMOVED).person)

    assert "Several people who left" in page("console:person", person=rehired.pk)


def test_keeping_a_new_person_closes_the_question(
    client: Client, contoso: Organization, page: Page, left: PrintUser, rehired: PrintUser
) -> None:
    item = question(rehired, left)

    post(client, rehired, "person_rehire_keep", item=item.pk)
    again = post(client, rehired, "person_rehire_keep", item=item.pk)

    item.refresh_from_db()
    assert item.state == ReviewState.APPROVED
    assert item.decided_by is not None
    assert "Someone who left recently" not in page("console:person", person=rehired.pk)
    assert "has already decided this: Approved." in again
    assert verbs(contoso) == ["person.kept-as-new"]


def test_another_kind_of_question_is_not_answered_here(client: Client, rehired: PrintUser) -> None:
    item = question(rehired)
    ReviewItem.objects.filter(pk=item.pk).update(kind=ReviewKind.LINK)

    post(client, rehired, "person_rehire_keep", item=item.pk)

    item.refresh_from_db()
    assert item.state == ReviewState.OPEN


def test_an_auditor_reads_the_question_and_cannot_answer(
    contoso: Organization, left: PrintUser, rehired: PrintUser
) -> None:
    item = question(rehired, left)

    html = factories.signed_in(contoso, Role.AUDITOR).get(address(rehired, "person")).content.decode()

    assert "Someone who left recently" in html
    assert address(rehired, "person_merge", other=left.pk) not in html
    assert address(rehired, "person_rehire_keep", item=item.pk) not in html
