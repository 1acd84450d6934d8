"""Every id of an organization next door, in every place where a page takes one: as good as an unknown one."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import unquote
from uuid import UUID, uuid4

import pytest
import time_machine
from django.apps import apps
from django.contrib.messages import get_messages
from django.db import connection, models
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from printmgmt.organizations.models import Account, Organization
from printmgmt.people.models import PrintGroup, PrintUser
from tests import factories
from tests.printmgmt.console.addresses import Arguments, arguments_of, url_of
from tests.printmgmt.console.test_access import MATRIX, PAGES, PARTS
from tests.undoing import undone

pytestmark = pytest.mark.django_db

# Where pages take ids beside the path. That these are all is what a test below holds against the forms.
PARAMETERS = {
    *("pick", "person", "group", "other", "item", "newest", "token", "actor_id", "object_id", "q"),
    *("source", "before", "after", "installation", "printer", "job"),
}
NO_ROWS = {"epoch", "subject", "audience"}
"""Fields with numbers and ids that are none of a row of ours, such as those that Azure shows."""
# These say of what they do not find that it was done already, which tells nothing either.
DONE_ALREADY = {
    "console:person_credential_revoke",
    "console:person_device_revoke",
    "console:person_rehire_keep",
}


@pytest.fixture(autouse=True)
def _one_moment() -> Iterator[None]:
    """Pages say how long ago something was, and two answers are compared."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def ours() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def theirs() -> Organization:
    return factories.organization("Neighbour")


@pytest.fixture
def client(ours: Organization) -> Client:
    return factories.signed_in(ours)


def to_organization(model: type[models.Model]) -> str | None:
    """The way from a row to whose it is, as a lookup; None for what is nobody's."""
    if model is Organization:
        return "pk"
    if model is Account:
        return "administrations__organization"
    keys = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    for field in keys:  # no way is shorter, and others may lead in circles
        if field.related_model is Organization:
            return field.name
    found = []
    for field in keys:
        if field.related_model is not model:
            above = to_organization(field.related_model) if field.related_model is not Account else None
            if above:
                found.append(field.name if above == "pk" else f"{field.name}__{above}")
    return min(found, key=lambda path: path.count("__"), default=None)


WAYS = {model: way for model in apps.get_models() if (way := to_organization(model))}


Rows = dict[str, tuple[object, list[str]]]
"""By the label of their model: a digest of all that the rows hold, and their ids."""


def rows_of(organization: Organization) -> Rows:
    """Everything that is an organization's, as the database has it."""
    if connection.vendor != "postgresql":
        found = {}
        for model, way in WAYS.items():
            rows = list(model._base_manager.filter(**{way: organization.pk}).distinct().values())
            key = _key(model._meta.label).attname
            found[model._meta.label] = (rows, [str(row[key]) for row in rows])
        return found
    # Past Django's cursor: planned once for some thousand looks.
    looked = connection.connection.execute(_statement(), [organization.pk] * len(WAYS), prepare=True)
    return {label: (digest, ids) for label, digest, ids in looked}


@cache
def _statement() -> str:
    """One look at every table: many times as quick as a query for each."""
    parts = []
    for model, way in WAYS.items():
        rows, _params = model._base_manager.filter(**{way: 0}).distinct().order_by().query.sql_with_params()
        label, key = model._meta.label, _key(model._meta.label).column
        parts.append(
            f"SELECT '{label}', md5(string_agg(to_jsonb(t)::text, ',' ORDER BY t.\"{key}\")),"  # noqa: S608
            f' coalesce(array_agg(t."{key}"::text ORDER BY t."{key}"), \'{{}}\') FROM ({rows}) t'
        )
    return " UNION ALL ".join(parts)


def _key(label: str) -> "models.Field[Any, Any]":
    key = apps.get_model(label)._meta.pk
    assert key is not None  # every model has one
    return key


def unknown(like: Any) -> Any:
    """An id of the same kind that nobody has."""
    return uuid4() if isinstance(like, UUID) else 2_000_000_000


def ids_of(rows_by_model: Rows) -> list[Any]:
    """The ids of these rows."""
    return [_key(label).to_python(one) for label, (_digest, ids) in rows_by_model.items() for one in ids]


ID = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b|\d+")
ID_FIELD = re.compile(  # a number that someone may type is none
    r'type="hidden"\s+name="(\w+)"\s+value="\d+"|name="(\w+)"\s+value="[0-9a-f]{8}-[0-9a-f-]{27}"'
)
NEW_EACH_TIME = re.compile(
    r'(csrfmiddlewaretoken" value=|X-CSRFToken": |nonce=)"[^"]*"|pmstation_[0-9a-f]{12}_[0-9a-f]{64}'
)


class Outcome(NamedTuple):
    """What an answer says, without ids and what is new in every answer."""

    status: int
    location: str
    messages: list[str]
    text: str


def outcome(answer: HttpResponse, names: set[str]) -> Outcome:
    """What an answer says, and none of ``names`` is in it."""
    page = (b"".join(answer) if answer.streaming else answer.content).decode()
    messages = [str(message) for message in get_messages(answer.wsgi_request)]
    assert [name for name in names if name in page or name in str(messages)] == []

    def plain(text: str) -> str:
        return ID.sub("ID", NEW_EACH_TIME.sub("", unquote(text)))  # in a link "%3A" would belong to the id

    return Outcome(
        answer.status_code, plain(answer.get("Location", "")), list(map(plain, messages)), plain(page)
    )


def names_of(organization: Organization) -> set[str]:
    """What would give away that a page shows something of this organization."""
    known: dict[type[models.Model], str] = {
        PrintUser: "user_name",
        PrintGroup: "display_name",
        Account: "email",
        Organization: "slug",
    }
    return {
        str(name)
        for model, column in known.items()
        for name in model._base_manager.filter(**{WAYS[model]: organization.pk}).values_list(
            column, flat=True
        )
    }


# A test goes through many rows, for which it makes people once; each row is a subtest of its own.
@pytest.mark.parametrize("part", range(PARTS))
def test_an_id_of_next_door_is_as_good_as_an_unknown_one(
    ours: Organization, theirs: Organization, client: Client, subtests: pytest.Subtests, part: int
) -> None:
    for name, method, *_rest in MATRIX[part::PARTS]:
        with subtests.test(name=name, method=method), undone():
            own, foreign = arguments_of(name, ours), arguments_of(name, theirs)
            before = rows_of(theirs)
            names = names_of(theirs)
            in_the_path = [parameter for parameter in own if not isinstance(own[parameter], str)]

            for swapped in [[parameter] for parameter in in_the_path] + [in_the_path] * (
                len(in_the_path) > 1
            ):
                answers = []
                for strange in (foreign, {key: unknown(foreign[key]) for key in in_the_path}):
                    arguments: Arguments = own | {parameter: strange[parameter] for parameter in swapped}
                    client.cookies.pop("messages", None)
                    with undone():
                        answer = getattr(client, method)(url_of(name, ours, arguments))
                        answers.append(outcome(answer, names))
                        assert rows_of(theirs) == before
                assert answers[0].status == (302 if name in DONE_ALREADY and "person" not in swapped else 404)
                assert answers[0] == answers[1]


@pytest.mark.parametrize("part", range(PARTS))
def test_an_id_of_next_door_in_a_field_or_a_query_is_as_good_as_an_unknown_one(
    ours: Organization, theirs: Organization, client: Client, subtests: pytest.Subtests, part: int
) -> None:
    for name, method, *_rest in MATRIX[part::PARTS]:
        with subtests.test(name=name, method=method), undone():
            url = url_of(name, ours, arguments_of(name, ours))
            arguments_of("console:person_merge", theirs)
            arguments_of("console:group", theirs)
            arguments_of(name, theirs)
            before = rows_of(theirs)
            names, foreign = names_of(theirs), ids_of(before)
            strangers = [unknown(one) for one in foreign]

            answers = []
            for ids in (foreign, strangers):
                fields = {parameter: [str(one) for one in ids] for parameter in PARAMETERS}
                fields["source"] = [f"{factories.ADDON}:{one}" for one in ids]
                # A number is a text that names of ours contain, too, such as "7" in person7.
                fields["q"] = [str(one) for one in ids if isinstance(one, UUID)]
                client.cookies.pop("messages", None)
                with undone():
                    answer = client.get(url, fields) if method == "get" else client.post(url, fields)
                    answers.append(outcome(answer, names))
                    assert rows_of(theirs) == before

            assert answers[0] == answers[1]


def test_the_parameters_tried_above_are_all_that_forms_send(
    ours: Organization, client: Client, subtests: pytest.Subtests
) -> None:
    for name in PAGES:
        with subtests.test(name=name), undone():
            answer = client.get(url_of(name, ours, arguments_of(name, ours)))

            page = (b"".join(answer) if answer.streaming else answer.content).decode()
            assert {hidden or other for hidden, other in ID_FIELD.findall(page)} - NO_ROWS <= PARAMETERS
