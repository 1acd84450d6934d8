"""The station's page over HTTP: cookies, redirects and words. The API's tests release on a real cupsd."""

from collections.abc import Callable
from datetime import timedelta
from http.cookies import Morsel
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import Printer, PrintJob, Station
from printmgmt.printing.stations.managing import remove_station
from printmgmt.printing.stations.visits import IDLE
from tests import factories
from tests.factories import TESTER
from tests.printmgmt.printing import equipment

CARD, PIN = "04CAFE02", "271828"


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def hall(contoso: Organization) -> Printer:
    # Nothing listens there: what is asked of the server is refused at once.
    return equipment.printer(equipment.print_server(contoso, uri="ipp://127.0.0.1:9/"), "hall")


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    person = factories.person(contoso, "ada@contoso.example", display_name="Ada")
    set_card(person, CARD, by=TESTER)
    set_pin(person, PIN, by=TESTER)
    return person


@pytest.fixture
def token(hall: Printer) -> str:
    return equipment.station(hall, "Hall")[1]


@pytest.fixture
def screen(token: str) -> Client:
    """A browser that is connected as the station."""
    browser = Client()
    browser.post("/station/connect/", {"token": token})
    return browser


def text(response: Any) -> str:
    return str(response.content.decode())


def show_card(screen: Client) -> Any:
    return screen.post("/station/", {"card": CARD}, follow=True)


def test_a_browser_without_a_station_is_asked_for_the_token(client: Client, db: None) -> None:
    for path in ("/station/", "/station/pin/", "/station/jobs/"):
        assert client.get(path, follow=True).redirect_chain == [("/station/connect/", 302)]
    assert "Connect this station" in text(client.get("/station/connect/"))


def test_the_token_is_pasted_once_and_no_script_or_address_has_it(client: Client, token: str) -> None:
    response = client.post("/station/connect/", {"token": f"  {token}\n"})

    assert response.headers["Location"] == "/station/"
    cookie: Morsel[str] = client.cookies["printmgmt_station"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/station/")
    assert token not in text(client.get("/station/"))


@pytest.mark.parametrize("wrong", ["", "x", "pmstation_0123456789ab_" + "0" * 64, "\x00", "é" * 300])
def test_a_wrong_token_connects_nothing(wrong: str, client: Client, db: None) -> None:
    refused = client.post("/station/connect/", {"token": wrong}, follow=True)

    assert "not the token of a station" in text(refused)
    assert "printmgmt_station" not in client.cookies


def test_a_card_shows_the_jobs_and_done_ends_the_visit(screen: Client, hall: Printer, ada: PrintUser) -> None:
    equipment.print_job(hall, ada, title="<b>Letter</b>", sheets=2)

    shown = show_card(screen)
    assert "Jobs of Ada" in text(shown)
    assert "&lt;b&gt;Letter&lt;/b&gt;" in text(shown)
    assert "2 sheets" in text(shown)
    assert shown.headers["Cache-Control"] == "no-store"

    screen.post("/station/end/")
    assert "Your session has ended" in text(screen.get("/station/jobs/", follow=True))


def test_who_has_no_card_types_name_and_pin(screen: Client, ada: PrintUser) -> None:
    shown = screen.post("/station/pin/", {"user_name": " ADA@contoso.example ", "pin": PIN}, follow=True)

    assert "No jobs are waiting for you" in text(shown)


def test_a_wrong_pin_comes_back_to_its_screen_and_shows_neither(screen: Client, ada: PrintUser) -> None:
    refused = screen.post("/station/pin/", {"user_name": "ada@contoso.example", "pin": "000000"}, follow=True)

    assert refused.redirect_chain == [("/station/pin/", 302)]
    assert "Not recognized" in text(refused)
    assert "000000" not in text(refused)


def test_the_next_card_ends_the_visit_before(screen: Client, hall: Printer, ada: PrintUser) -> None:
    equipment.print_job(hall, ada, title="Ada's letter")
    bob = factories.person(ada.organization, "bob@contoso.example", display_name="Bob")
    set_card(bob, "04CAFE03", by=TESTER)
    show_card(screen)

    shown = text(screen.post("/station/", {"card": "04CAFE03"}, follow=True))
    assert "Jobs of Bob" in shown
    assert "Ada" not in shown

    show_card(screen)
    screen.post("/station/", {"card": "unknown"}, follow=True)
    assert "Ada" not in text(screen.get("/station/jobs/", follow=True))


def test_a_visit_ends_by_itself_and_goes_on_while_something_is_done(screen: Client, ada: PrintUser) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        show_card(screen)
        for _look in range(3):
            clock.shift(IDLE - timedelta(seconds=1))
            assert "Jobs of Ada" in text(screen.get("/station/jobs/"))
        clock.shift(IDLE + timedelta(seconds=1))
        assert "Your session has ended" in text(screen.get("/station/jobs/", follow=True))


def test_the_first_screen_ends_the_visit(screen: Client, ada: PrintUser) -> None:
    show_card(screen)
    screen.get("/station/")

    assert screen.get("/station/jobs/").status_code == 302


@pytest.mark.parametrize("what", ["release", "delete"])
@pytest.mark.parametrize("which", ["one", "all"])
def test_a_server_that_is_off_is_said_to_be_and_the_job_stays(
    what: str, which: str, screen: Client, hall: Printer, ada: PrintUser
) -> None:
    job = equipment.print_job(hall, ada, title="Letter")
    show_card(screen)
    path = f"/station/jobs/{what}/" if which == "all" else f"/station/jobs/{job.pk}/{what}/"

    shown = text(screen.post(path, follow=True))

    assert "cannot be reached" in shown
    assert "Letter" in shown
    assert PrintJob.objects.get().state == job.state


@pytest.mark.parametrize("what", ["release", "delete"])
def test_a_job_of_someone_else_is_like_none(what: str, screen: Client, hall: Printer, ada: PrintUser) -> None:
    bobs = equipment.print_job(hall, factories.person(ada.organization, "bob@contoso.example"))
    show_card(screen)

    for number in (bobs.pk, 999_999_999_999_999_999_999):
        shown = text(screen.post(f"/station/jobs/{number}/{what}/", follow=True))
        assert "no longer waiting" in shown


def test_a_leaver_is_out_at_once(screen: Client, hall: Printer, ada: PrintUser) -> None:
    job = equipment.print_job(hall, ada)
    show_card(screen)

    leaving.suspend(ada, by=TESTER)

    assert "Your session has ended" in text(screen.post(f"/station/jobs/{job.pk}/release/", follow=True))
    assert "Not recognized" in text(show_card(screen))


def test_a_removed_station_asks_for_a_token_again(screen: Client, ada: PrintUser) -> None:
    show_card(screen)
    remove_station(Station.objects.get(), by=TESTER)

    shown = screen.get("/station/jobs/", follow=True)

    assert shown.redirect_chain == [("/station/connect/", 302)]
    assert "Its token was replaced or removed" in text(shown)
    for forgotten in ("printmgmt_station", "printmgmt_visit"):
        assert screen.cookies[forgotten].value == ""
    assert "replaced or removed" not in text(screen.get("/station/", follow=True))


def test_a_station_that_is_used_stays_connected(screen: Client, token: str) -> None:
    screen.cookies["printmgmt_station"]["max-age"] = 1

    screen.get("/station/")

    assert screen.cookies["printmgmt_station"].value == token
    assert screen.cookies["printmgmt_station"]["max-age"] == timedelta(days=400).total_seconds()


def test_the_cookies_never_travel_in_clear_where_the_console_is_https(
    screen: Client, ada: PrintUser, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = True

    screen.get("/station/")
    assert screen.cookies["printmgmt_station"]["secure"] is True
    show_card(screen)
    assert screen.cookies["printmgmt_visit"]["secure"] is True


def test_no_other_page_can_frame_it(screen: Client) -> None:
    shown = screen.get("/station/")

    assert shown.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]


def test_a_copied_visit_means_nothing_at_another_station(
    screen: Client, hall: Printer, ada: PrintUser
) -> None:
    show_card(screen)
    other = Client()
    other.post("/station/connect/", {"token": equipment.station(hall, "Other")[1]})
    other.cookies["printmgmt_visit"] = screen.cookies["printmgmt_visit"].value

    assert "Your session has ended" in text(other.get("/station/jobs/", follow=True))


def test_a_station_of_another_organization_shows_none_of_this_ones_people(ada: PrintUser) -> None:
    fabrikam = factories.organization("Fabrikam")
    there = Client()
    there.post(
        "/station/connect/",
        {"token": equipment.station(equipment.printer(equipment.print_server(fabrikam)))[1]},
    )

    assert "Not recognized" in text(show_card(there))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_language_is_kept_for_the_visit_and_forgotten_at_its_end(
    screen: Client, ada: PrintUser, language: str
) -> None:
    back = screen.post("/station/language/", {"language": language, "screen": "pin"})
    assert back.headers["Location"] == "/station/pin/"
    shown = show_card(screen)
    assert f'<html lang="{language}"' in text(shown)
    assert shown.headers["Content-Language"] == language
    assert screen.cookies["printmgmt_station_language"]["path"] == "/station/"

    screen.post("/station/end/")
    assert screen.cookies["printmgmt_station_language"].value == ""


@pytest.mark.parametrize(
    ("language", "screen_name"),
    [("xx", "jobs"), ("fr", "https://evil.example/"), ("", ""), ("fr", "connect")],
)
def test_a_made_up_language_or_screen_changes_nothing(
    screen: Client, ada: PrintUser, language: str, screen_name: str
) -> None:
    back = screen.post("/station/language/", {"language": language, "screen": screen_name})

    assert back.headers["Location"] in ("/station/", "/station/jobs/")
    assert ("printmgmt_station_language" in screen.cookies) == (language == "fr")


def test_a_job_of_another_print_server_says_where_it_waits(
    screen: Client, hall: Printer, ada: PrintUser
) -> None:
    far = equipment.printer(equipment.print_server(hall.organization), "annex", location="Second floor")
    job = equipment.print_job(far, ada)

    shown = text(show_card(screen))

    assert "<bdi>annex</bdi>" in shown
    assert f"/station/jobs/{job.pk}/delete/" in shown
    assert f"/station/jobs/{job.pk}/release/" not in shown


@pytest.mark.parametrize(
    ("hours", "words"), [(24, "deleted 24 hours after"), (1, "deleted 1 hour after"), (0, "")]
)
def test_how_long_jobs_wait_is_said(
    screen: Client, ada: PrintUser, contoso: Organization, hours: int, words: str
) -> None:
    Organization.objects.filter(pk=contoso.pk).update(uncollected_hours=hours)

    shown = text(show_card(screen))

    assert words in shown
    assert ("do not collect" in shown) == bool(words)


@pytest.mark.parametrize("path", ["/station/nothing/", "/station/jobs/x/release/"])
def test_a_page_that_is_none_leads_back_by_itself(screen: Client, path: str) -> None:
    shown = screen.get(path)

    assert shown.status_code == 404
    assert 'data-idle-seconds="10"' in text(shown)
    assert 'data-idle-url="/station/"' in text(shown)


def test_a_crash_and_a_database_that_is_away_lead_back_by_themselves(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client(raise_request_exception=False)
    browser.post("/station/connect/", {"token": token})
    for error, status in ((ValueError("inside"), 500), (OperationalError("inside"), 503)):
        monkeypatch.setattr("printmgmt.station_page.views.note_contact", raising(error))
        shown = browser.get("/station/")
        assert shown.status_code == status
        assert 'data-idle-url="/station/"' in text(shown)
        assert "inside" not in text(shown)


def raising(error: Exception) -> Callable[..., None]:
    def fail(*args: object) -> None:
        raise error

    return fail


def test_no_action_happens_by_following_a_link(screen: Client, hall: Printer, ada: PrintUser) -> None:
    job = equipment.print_job(hall, ada)
    show_card(screen)

    for path in (f"/station/jobs/{job.pk}/release/", "/station/jobs/delete/", "/station/end/"):
        assert screen.get(path).status_code == 405


def test_another_page_cannot_act_for_the_station(token: str, ada: PrintUser) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["printmgmt_station"] = token

    refused = browser.post("/station/", {"card": CARD})

    assert refused.status_code == 403
    assert 'data-idle-url="/station/"' in text(refused)


def test_many_jobs_are_shown_in_part_at_the_same_cost(
    screen: Client, hall: Printer, ada: PrintUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    show_card(screen)
    for number in (1, 60):
        for _job in range(number):
            equipment.print_job(hall, ada)
        with django_assert_num_queries(3):  # the station, the person, the jobs
            shown = screen.get("/station/jobs/")
    assert text(shown).count("station-job-words") == 50
    assert "There are more jobs" in text(shown)
