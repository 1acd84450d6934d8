"""An operator at a group's page: presses buttons, sends forms, reads what the console says."""

from typing import Any

from django.test import Client
from django.urls import reverse

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.organizations.models import Organization
from printmgmt.people.groups import create_group
from printmgmt.people.memberships import Change, Members, Verb, change_members
from printmgmt.people.models import PrintGroup, PrintUser
from tests import factories
from tests.printmgmt.console.people.pages import message_text

DIRECTORY = Actor(kind=ActorKind.TOKEN, label="SCIM token pm_1a2b", source=f"{factories.ADDON}:1")


def group(of: Organization, name: str = "Staff", *members: Any, by: Actor = factories.TESTER) -> PrintGroup:
    """A group with these people and groups in it."""
    made = create_group(of, name, by=by)
    put(made, *members, by=by)
    return made


def put(into: PrintGroup, *members: PrintUser | PrintGroup, by: Actor = factories.TESTER) -> None:
    people = frozenset(member.pk for member in members if isinstance(member, PrintUser))
    groups = frozenset(member.pk for member in members if isinstance(member, PrintGroup))
    change_members(into, [Change(Verb.ADD, Members(people, groups))], by=by)


def url_of(which: PrintGroup, name: str = "group") -> str:
    """The URL of a view of one group, such as ``group_delete``."""
    return reverse(f"console:{name}", kwargs={"organization": which.organization.slug, "group": which.pk})


def send(client: Client, which: PrintGroup, name: str, *picks: Any, **data: Any) -> str:
    """Send a form to a view of one group; the messages that follow."""
    answer = client.post(url_of(which, name), {**data, "pick": [pick.pk for pick in picks]})
    assert answer.status_code == 302, answer.content.decode()
    return message_text(answer)


def names_in(which: PrintGroup, source: str | None = None) -> list[str]:
    """Who is in a group, people and groups, by name; of one source or any."""
    rows = {"source": source} if source else {}
    people = which.memberships.filter(**rows).values_list("person__user_name", flat=True)
    groups = which.child_nestings.filter(**rows).values_list("child__display_name", flat=True)
    return sorted([*people, *groups])
