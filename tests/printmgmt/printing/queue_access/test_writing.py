"""The lists of a real cupsd: written by us, judged by lp and by Create-Job."""

from collections.abc import Iterator

import pytest

from demo.cupsd import OPERATOR, STUCK_DEVICE, PrivateCups
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.client import Client, Login
from printmgmt.printing.queue_access.forms import forms_of, may_be_listed
from printmgmt.printing.queue_access.lists import Ours, Plan, plan_list
from printmgmt.printing.queue_access.writing import Answer, try_name, write_list

ADA = "ada@contoso.example"


@pytest.fixture
def client(cups: PrivateCups) -> Iterator[Client]:
    cups.add_queue("lobby", device=STUCK_DEVICE, stopped=True)
    login = Login(OPERATOR, cups.passwords[OPERATOR])
    with Client(ServerAddress.parse(cups.uri), login=login) as client:
        yield client


def refuse(client: Client, *names: str, ours: Ours | None = None) -> Plan:
    queue = client.queue("lobby")
    plan = plan_list(queue, forms_of(names), ours or Ours())
    write_list(client, queue, plan)
    return plan


def answers(client: Client, *names: str) -> list[Answer]:
    queue = client.queue("lobby")
    return [try_name(client, queue, name) for name in names]


def test_every_form_of_a_name_is_refused_and_similar_names_print(cups: PrivateCups, client: Client) -> None:
    long = "x" * 40 + "@contoso.example"

    plan = refuse(client, ADA, "CONTOSO\\ada", long)

    assert set(client.queue("lobby").denied) == {"ada", ADA, "CONTOSO\\ada", "x" * 32}
    assert set(plan.ours.added) == set(client.queue("lobby").denied)
    refused = answers(client, "ada", "ADA", ADA, "CONTOSO\\ada", long)
    assert refused == [Answer.REFUSED] * 5
    assert answers(client, "adam", "adam@contoso.example") == [Answer.ACCEPTED] * 2
    assert cups.jobs() == []


def test_a_name_that_was_there_before_stays(cups: PrivateCups, client: Client) -> None:
    client.set_access(client.queue("lobby"), denied=["Ada", "mallory"])

    ours = refuse(client, ADA).ours
    assert ours.added == (ADA,)
    refuse(client, ours=ours)

    assert set(client.queue("lobby").denied) == {"Ada", "mallory"}


def test_nothing_is_written_twice_and_what_was_lost_is_put_back_and_said(client: Client) -> None:
    ours = refuse(client, ADA).ours
    assert refuse(client, ADA, ours=ours).denied is None
    client.set_access(client.queue("lobby"), denied=["ada", "mallory"])

    plan = refuse(client, ADA, ours=ours)

    assert plan.lost == (ADA,)
    assert set(client.queue("lobby").denied) == {"ada", ADA, "mallory"}


def test_an_allowed_list_loses_the_name_and_others_on_it_print(client: Client) -> None:
    client.set_access(client.queue("lobby"), allowed=["Ada", "bob", "@staff"])

    plan = refuse(client, ADA)

    assert plan.ours == Ours(taken=("Ada",))
    assert set(client.queue("lobby").allowed) == {"bob", "@staff"}
    assert answers(client, ADA, "bob") == [Answer.REFUSED, Answer.ACCEPTED]
    assert refuse(client, ours=plan.ours).ours == Ours()
    assert set(client.queue("lobby").allowed) == {"Ada", "bob", "@staff"}


def test_the_last_allowed_name_leaves_a_sentinel_behind(client: Client) -> None:
    client.set_access(client.queue("lobby"), allowed=["ada"])

    plan = refuse(client, ADA)

    assert client.queue("lobby").allowed == ("-closed-",)
    assert plan.ours == Ours(taken=("ada",), sentinel=True)
    assert answers(client, "ada", "bob") == [Answer.REFUSED] * 2
    refuse(client, ours=plan.ours)
    assert client.queue("lobby").allowed == ("ada",)


def test_a_sentinel_of_someone_else_stays(client: Client) -> None:
    client.set_access(client.queue("lobby"), allowed=["-closed-"])

    plan = refuse(client, ADA)

    assert (plan.allowed, plan.ours) == (None, Ours())


def test_a_queue_whose_list_was_not_read_is_never_written(client: Client) -> None:
    """All queues together are read without their lists: it would look as if nobody had been on them."""
    [listed] = client.queues()

    with pytest.raises(ValueError, match="was not read"):
        plan_list(listed, forms_of([ADA]), Ours())


def test_where_a_password_is_asked_for_nothing_is_known(client: Client) -> None:
    client.set_options(client.queue("lobby"), printer_op_policy="authenticated")

    assert answers(client, ADA) == [Answer.UNKNOWN]


@pytest.mark.parametrize("form", ["", "@staff", "#1", "all", "NONE", "-closed-", "a\nb", "Operator"])
def test_what_means_more_than_one_name_is_never_listed(form: str) -> None:
    assert not may_be_listed(form, operator=OPERATOR)
    assert may_be_listed("ada", operator=OPERATOR)
