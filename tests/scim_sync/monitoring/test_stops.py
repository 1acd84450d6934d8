"""Stops under load: pausing, uninstalling and revoking never fail, and nothing lands after one answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test import Client

from addons.disposition import Disposition
from addons.exceptions import Uninstalled
from addons.models import Installation
from addons.services import configure, pause, resume, uninstall
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card
from printmgmt.people.models import CONSOLE, PrintUser, ReviewItem
from printmgmt.services.process import wait_until
from scim_sync.api.authentication import TokenRefused
from scim_sync.api.writing import perform
from scim_sync.credentials.calls import Call
from scim_sync.credentials.tokens import refusal_inside, revoke_all, revoke_token, rotate_token
from scim_sync.exceptions import ReviewError
from scim_sync.models import ProvisioningEvent, Result, ScimToken
from scim_sync.provisioning_log.reasons import Reason
from scim_sync.services.review_decisions import approve_link
from tests import factories
from tests.printmgmt.console.groups.test_races import until_somebody_waits
from tests.printmgmt.deprovisioning.test_races import in_thread
from tests.proofs import rounds
from tests.scim_sync.client import DISABLE, ENABLE, PRINTMGMT, Answer, HttpScim, Scim, a_group, op

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.settings_dict["ENGINE"].endswith("sqlite3"), reason="races are proven on PostgreSQL"
    ),
]
BY = factories.TESTER
_number = count(1)

Stop = Callable[[Installation], object]
STOPS: dict[str, Stop] = {
    "pause": lambda installation: pause(installation, by=BY),
    "revoke": lambda installation: revoke_all(installation, by=BY),
    "keep": lambda installation: uninstall(installation, Disposition.KEEP, by=BY),
    "suspend": lambda installation: uninstall(installation, Disposition.SUSPEND, by=BY),
    "remove": lambda installation: uninstall(installation, Disposition.REMOVE, by=BY),
}


def card(number: str) -> dict[str, object]:
    return op("Replace", f"{PRINTMGMT}:cardNumber", number)


def sync_round(scim: HttpScim) -> Iterator[Callable[[], Answer]]:
    """What a directory does with one person and one group, each when its turn comes."""
    number = next(_number)
    made = scim.create(f"person{number}", **{PRINTMGMT: {"cardNumber": f"card {number}"}})
    yield lambda: made
    if made.status != 201:
        return
    group = scim.create_group(f"group{number}", made.id)
    yield lambda: group
    if group.status == 201:
        yield lambda: scim.patch_group(group.id, op("Remove", "members", [{"value": made.id}]))
        yield lambda: scim.put_group(group.id, a_group(f"group{number}", made.id))
    yield lambda: scim.patch(made.id, card("the same for all"))
    yield lambda: scim.patch(made.id, DISABLE)
    yield lambda: scim.patch(made.id, ENABLE)
    if number % 2:
        yield lambda: scim.delete(made.id)


@contextmanager
def load(scim: HttpScim, contoso: Organization, *, writers: int = 4) -> Iterator[tuple[list[Answer], Event]]:
    """A directory that writes without a pause, and an administrator who gives cards; ends with the block.

    Yields the answers so far, and an event that is set once there are some.
    """
    answers: list[Answer] = []
    errors: list[Exception] = []
    begun, over = Event(), Event()
    ada = factories.person(contoso, "ada")

    def write() -> None:
        while not over.is_set():
            for call in sync_round(scim):
                answers.append(call())
                if len(answers) > 3 * writers:
                    begun.set()

    def give_cards() -> None:
        while not over.is_set():
            set_card(PrintUser.objects.get(pk=ada.pk), f"ada's {next(_number)}", by=BY)

    works = [*[write] * writers, give_cards]
    threads = [Thread(target=in_thread, args=(work, errors)) for work in works]
    for thread in threads:
        thread.start()
    try:
        assert begun.wait(60)
        yield answers, over
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert errors == []


def done() -> int:
    """Writes that were done, by the log."""
    return ProvisioningEvent.objects.exclude(result__in=[Result.REFUSED, Result.FAILED]).count()


@pytest.mark.parametrize("rounds", rounds(1, proof=25))
@pytest.mark.parametrize("stop", STOPS)
def test_nothing_lands_after_a_stop_has_answered(server: object, stop: str, rounds: int) -> None:
    for _round in range(rounds):
        contoso = factories.organization("Contoso")
        installation = factories.installed(contoso)
        scim = HttpScim(**vars(HttpScim.of(installation)))

        with load(scim, contoso) as (answers, _over):
            STOPS[stop](installation)
            landed, answered = done(), len(answers)
            assert wait_until(lambda: len(answers) >= answered + 12, timeout=60)  # noqa: B023

        assert done() == landed
        assert {answer.status for answer in answers} <= {200, 201, 204, 401, 404, 409}
        assert answers[-1].status == 401
        here = PrintUser.objects.of(contoso)
        if stop in ("keep", "suspend", "remove"):
            assert not here.filter(source=installation.source).live().exists()
        if stop in ("suspend", "remove"):
            assert [person.user_name for person in here.filter(state="active")] == ["ada"]


@pytest.mark.parametrize("rounds", rounds(3, proof=200))
def test_an_administrator_changes_everything_while_the_directory_writes(
    http_scim: HttpScim, contoso: Organization, installation: Installation, rounds: int
) -> None:
    with load(http_scim, contoso) as (answers, _over):
        for number in range(rounds):
            pause(installation, by=BY)
            resume(installation, by=BY)
            rotate_token(installation, by=BY, label="another")
            configure(installation, {"linking": ("link", "review")[number % 2]}, by=BY)
            revoke_token(ScimToken.objects.exclude(slot=1).get(revoked_at=None), by=BY)

    assert {answer.status for answer in answers} <= {200, 201, 204, 401, 404, 409}
    assert not ProvisioningEvent.objects.filter(result=Result.FAILED).exists()


def test_writes_that_come_after_a_stop_wait_behind_it(
    http_scim: HttpScim, installation: Installation
) -> None:
    token = ScimToken.objects.select_related("installation__organization").get()
    call = Call(token=token, request_id="", received_at=token.issued_at)
    wrote: list[str] = []
    refused: list[Exception] = []

    with transaction.atomic():
        assert refusal_inside(token) is None  # a write that takes its time
        stopping = Thread(target=in_thread, args=(lambda: pause(installation, by=BY),))
        stopping.start()
        until_somebody_waits()
        late = Thread(target=in_thread, args=(lambda: perform(call, lambda: wrote.append("late")), refused))
        late.start()
        until_somebody_waits(2)
    stopping.join()
    late.join()

    assert wrote == []
    assert [error.reason for error in refused if isinstance(error, TokenRefused)] == [Reason.PAUSED]


def test_a_change_to_an_add_on_that_is_uninstalled_in_the_meantime_gets_an_error(
    contoso: Organization, installation: Installation
) -> None:
    stale = Installation.objects.select_related("organization").get(pk=installation.pk)
    uninstall(installation, Disposition.KEEP, by=BY)

    with pytest.raises(Uninstalled):
        rotate_token(stale, by=BY, label="another")

    assert not ScimToken.objects.filter(installation=installation, slot__isnull=False).exists()


def test_a_link_that_is_approved_too_late_gives_nobody_a_source_that_is_gone(
    contoso: Organization, installation: Installation, bob: PrintUser
) -> None:
    stale = configure(installation, {"linking": "review"}, by=BY)
    Scim.of(installation).create("bob@contoso.com")
    account = contoso.administrators.get().account
    uninstall(installation, Disposition.KEEP, by=BY)

    with pytest.raises(ReviewError):
        approve_link(stale, ReviewItem.objects.get(person=bob), by=BY, account=account)

    bob.refresh_from_db()
    assert bob.source == CONSOLE


@pytest.mark.parametrize("view", ["pause", "resume"])
def test_a_page_that_pauses_what_is_being_uninstalled_says_so(
    contoso: Organization, installation: Installation, view: str
) -> None:
    client: Client = factories.signed_in(contoso)
    url = factories.page_of(contoso, f"addons:{view}")
    if view == "resume":
        pause(installation, by=BY)
    client.get("/", follow=True)  # the first request of a process takes long
    answers = []

    with transaction.atomic():
        uninstall(installation, Disposition.KEEP, by=BY)
        other = Thread(target=in_thread, args=(lambda: answers.append(client.post(url)),))
        other.start()
        until_somebody_waits()
    other.join()

    assert answers[0].status_code == 302
