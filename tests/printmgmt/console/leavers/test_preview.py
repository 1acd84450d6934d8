"""The pages that preview a leaving: for a filter, for one person, for a list that someone uploads."""

import csv
import io
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from printmgmt.console.leavers.people_lists import UnreadableList, people_named, read_text
from printmgmt.console.leavers.views import preview
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.foreseen import Effect, Plan
from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.deprovisioning.preview import effects_of
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import JobState, Printer
from tests import factories, many
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.equipment import equip
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    person = factories.person(
        contoso, "ada@contoso.example", display_name="Ada", employee_number="0042", department="Labs"
    )
    front = equipment.printer(equipment.print_server(contoso, user_name="operator"), "front")
    equipment.print_job(front, person, state=JobState.PENDING, hold_until="no-hold")
    return equip(person).person


def address(of: Organization, name: str = "leaving_preview_list") -> str:
    return reverse(f"console:{name}", kwargs={"organization": of.slug})


def test_the_effects_are_looked_up_for_the_page_and_not_for_each_row(
    client: Client, page: Page, contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Building their queries was most of the page's time."""
    asked: list[Plan] = []

    def count(plan: Plan) -> list[Effect]:
        asked.append(plan)
        return effects_of(plan)

    monkeypatch.setattr(preview, "effects_of", count)
    for _each in range(9):
        factories.person(contoso)

    assert client.get(address(contoso, "leaving_preview")).status_code == 200

    assert len(asked) == 1


def test_the_page_counts_whom_the_filter_of_the_people_list_matches(
    page: Page, client: Client, contoso: Organization, ada: PrintUser
) -> None:
    bob = factories.person(contoso, "bob")
    leaving.suspend(factories.person(contoso, "gone"), by=factories.TESTER)

    html = client.get(address(contoso, "leaving_preview")).content.decode()
    found = client.get(address(contoso, "leaving_preview"), {"q": "ada"})

    assert "2 people would leave" in " ".join(html.split())
    assert bob.user_name in html
    assert "gone" not in html
    assert {str(line.label): line.number for line in found.context["totals"] if line.number} == {
        "Cards turned off": 1,
        "PINs turned off": 1,
        "Devices signed out": 1,
        "Jobs held": 1,
        "Names refused by queues": 1,
        "Jobs canceled and deleted": 1,
        "Seats freed": 1,
    }
    assert "After 30 days" in found.content.decode()
    removed = client.get(address(contoso, "leaving_preview"), {"trigger": "removed"})
    assert "Cards and PINs erased" in removed.content.decode()
    assert "gone" in removed.content.decode()


def test_the_people_list_leads_there_with_its_filters(client: Client, contoso: Organization) -> None:
    factories.person(contoso)

    html = client.get(address(contoso, "people"), {"state": "active"}).content.decode()

    assert f'href="{address(contoso, "leaving_preview")}?state=active"' in html


def test_the_page_of_a_person_leads_to_their_preview_and_its_questions_count_their_jobs(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    here = {"organization": contoso.slug, "person": ada.pk}
    preview = reverse("console:person_preview", kwargs=here)

    html = client.get(reverse("console:person", kwargs=here)).content.decode()
    shown = " ".join(client.get(preview).content.decode().split())

    assert f'href="{preview}"' in html
    assert "Jobs held: 1, Names refused by queues: 1, Jobs canceled and deleted: 1." in html
    assert "After 30 days" in shown
    assert "After 7 days" in shown
    leaving.remove(ada, by=factories.TESTER)
    assert "This person was removed already" in client.get(preview).content.decode()


def test_the_preview_of_a_person_names_queues_names_and_what_is_shared(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    front = Printer.objects.get()
    equipment.printer(front.server, "both", is_class=True)
    back = equipment.printer(equipment.print_server(contoso, name="Lyon", user_name="operator"), "back")
    factories.person(contoso, "ada@fabrikam.example")
    other = factories.organization("Fabrikam")
    equipment.printer(equipment.print_server(other, user_name="operator"), "elsewhere")
    here = {"organization": contoso.slug, "person": ada.pk}

    [closing] = client.get(reverse("console:person_preview", kwargs=here)).context["closing"]

    assert (closing.names, closing.shared, closing.unsafe) == (["ada@contoso.example"], ["ada"], [])
    assert closing.places == [("Lyon", ["back"], 0), (front.server.name, ["front"], 0)]
    back.server.user_name = "ada@contoso.example"
    back.server.save()
    shown = " ".join(client.get(reverse("console:person_preview", kwargs=here)).content.decode().split())
    assert "someone else prints under them, too" in shown
    assert "they are the operator's" in shown
    LeavingPolicy.objects.create(organization=contoso, close_queues=False)
    assert client.get(reverse("console:person_preview", kwargs=here)).context["closing"] == []


def upload(client: Client, of: Organization, content: bytes, **more: Any) -> str:
    file = SimpleUploadedFile("leavers.csv", content, "text/csv")
    answer = client.post(address(of), {"file": file, **more})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_an_uploaded_list_is_read_in_each_encoding(
    client: Client, contoso: Organization, ada: PrintUser, encoding: str
) -> None:
    jose = factories.person(contoso, "josé@contoso.example")

    html = upload(client, contoso, "JOSÉ@contoso.example\r\n0042\r\n".encode(encoding))

    assert "2 people would leave" in html
    assert jose.user_name in html


def test_lines_that_name_nobody_or_several_are_said_with_their_numbers(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    for name in ("x", "y"):
        factories.person(contoso, name, work_email="shared@contoso.example")
    leaving.suspend(factories.person(contoso, "left"), by=factories.TESTER)
    text = (
        "Department;E-Mail\nLabs;ada@contoso.example\nLabs;<b>nobody\n\nLabs;shared@contoso.example\n;left\n"
    )

    html = upload(client, contoso, text.encode())

    assert "1 person would leave" in html
    assert 'Line 3: <bdi class="breakable">&lt;b&gt;nobody</bdi>' in html
    assert 'Line 5: <bdi class="breakable">shared@contoso.example</bdi>' in html
    assert "1 person in the list has no access any more and is left out." in html


def test_pasted_lines_do_as_well_and_people_of_others_are_unknown(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    other = factories.person(factories.organization("Fabrikam"), "eve")

    answer = client.post(address(contoso), {"text": f"ada@contoso.example\n{other.user_name}"})

    assert [row.pk for row in answer.context["rows"]] == [ada.pk]
    assert "Line 2:" in answer.content.decode()


def test_the_answer_has_pages_and_a_file_and_nothing_of_the_list_is_kept(
    client: Client, contoso: Organization
) -> None:
    names = [
        factories.person(contoso, display_name=f"=Person {number:03}").user_name for number in range(120)
    ]
    first = client.post(address(contoso), {"text": "\n".join(names), "trigger": "removed"})
    again = {"people": first.context["people"], "trigger": "removed"}

    last = client.post(address(contoso), {**again, "page": "3"})
    file = client.post(address(contoso), {**again, "export": "csv"})

    assert len(first.context["rows"]) == 50
    assert len(last.context["rows"]) == 20
    assert "Cards and PINs erased" in last.content.decode()
    rows = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert len(rows) == 121
    assert any(cell == "'=Person 007" for row in rows for cell in row)


@pytest.mark.parametrize("people", ["", "x", "é", "AAAA", "A" * 50_000])
def test_ids_that_are_none_name_nobody(client: Client, contoso: Organization, people: str) -> None:
    assert "Nobody would leave" in client.post(address(contoso), {"people": people}).content.decode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The submitted file is empty"),
        (b"\n \n", "Choose a file, or paste a list"),
        (b"PK\x03\x04\0\0\0\x81", "This is no text file"),
        (b"x" * (1024 * 1024 + 1), "The file is too large"),
        (b"a\n" * 10_001, "The list is too long"),
        (b'"' + b"x" * 200_000, "Line 1 cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field(
    client: Client, contoso: Organization, content: bytes, says: str
) -> None:
    html = upload(client, contoso, content)

    assert says in html
    assert "would leave" not in html


def test_ten_thousand_lines_take_ten_statements(
    contoso: Organization, django_assert_num_queries: Any
) -> None:
    ada = factories.person(contoso, "ada")
    text = "\n".join(["ADA", *(f"nobody{number}" for number in range(9_999))])

    with django_assert_num_queries(10):
        named = people_named(contoso, text)

    assert named.people == {ada.pk}
    assert (named.unknown[0].number, len(named.unknown)) == (2, 9_999)


def everything() -> dict[str, list[Any]]:
    """All rows of all tables but of who looks: their session."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.app_label not in ("sessions", "usersessions")
    }


def test_a_list_of_ten_thousand_lines_is_previewed_and_changes_no_row(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    many.people(contoso, range(40))
    lines = [f"active{number}@contoso.example" for number in range(9_999)]
    client.get(address(contoso, "leaving_preview"))  # the first request of a session writes it
    before = everything()

    html = upload(
        client, contoso, "\n".join(["User name", "ada@contoso.example", *lines]).encode("utf-8-sig")
    )

    assert "41 people would leave" in html
    assert "These lines name nobody here: 9,959" in html
    assert 'Line 43: <bdi class="breakable">active40@contoso.example</bdi>' in html
    assert html.count("Line ") == 100
    assert everything() == before


def test_windows_1252_with_semicolons_as_a_french_excel_saves_it(
    client: Client, contoso: Organization
) -> None:
    zoe = factories.person(contoso, "zoé@contoso.example", display_name="Zoé")
    text = (
        "Prénom;E-mail;Service\r\nZoé;zoé@contoso.example;Comptabilité\r\nNoël;noël@contoso.example;Paie\r\n"
    )

    html = upload(client, contoso, text.encode("cp1252"))

    assert "1 person would leave" in html
    assert zoe.user_name in html
    assert 'Line 3: <bdi class="breakable">noël@contoso.example</bdi>' in html


def test_utf_16_without_its_mark_is_no_text() -> None:
    with pytest.raises(UnreadableList):
        read_text("ada".encode("utf-16-le"))
