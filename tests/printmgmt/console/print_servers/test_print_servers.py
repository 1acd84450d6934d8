"""The list of print servers, and a server's page: how it does and what its last test found."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from printmgmt.console.print_servers.statuses import STATE_ROWS, ServerState, state_of
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.printing.models import (
    JobState,
    ListKind,
    Printer,
    PrintJob,
    PrintServer,
    QueueList,
    ServerRound,
)
from printmgmt.printing.servers.probe.found import Found, PolicyFound
from tests import factories, many
from tests.printmgmt.console.conftest import Page

pytestmark = pytest.mark.django_db


def found(**rights: list[str]) -> dict[str, object]:
    """What a test kept."""
    policy = PolicyFound("default", 1, needs_login=False, rights=rights)
    return Found(is_cups=True, has_login=True, queues=1, policies=(policy,)).as_json()


def test_the_empty_list_says_what_to_do(page: Page) -> None:
    html = page("console:print_servers")

    assert "No print servers yet" in html
    assert "Add a CUPS server" in html


def test_each_server_with_its_state_its_test_and_its_printers(page: Page, contoso: Organization) -> None:
    server = factories.print_server(
        contoso, "Front office", last_seen_at=timezone.now(), probe=found(release=["owner"])
    )
    for name, missing in (("front", None), ("back", None), ("old", timezone.now())):
        Printer.objects.create(
            organization=contoso, server=server, name=name, uri=f"ipp://x/{name}", missing_since=missing
        )

    html = page("console:print_servers")

    for words in ("Front office", server.uri, "Online", "Unsafe", '<td class="tabular">2</td>'):
        assert words in html


def test_every_state_is_filtered_as_it_is_shown(page: Page, contoso: Organization) -> None:
    many.print_servers(contoso, range(5))
    rows = PrintServer.objects.all()

    assert {state_of(server) for server in rows} == set(ServerState)
    for state, condition in STATE_ROWS.items():
        (server,) = rows.filter(condition)
        assert state_of(server) == state
        assert str(server.pk) in page("console:print_servers", {"state": state})


def test_search_by_name_and_address(page: Page, contoso: Organization) -> None:
    factories.print_server(contoso, "Lobby", uri="ipps://10.1.2.3/")
    factories.print_server(contoso, "Cellar")

    assert "Cellar" not in page("console:print_servers", {"q": "lob"})
    assert "Lobby" in page("console:print_servers", {"q": "10.1.2"})


def test_removed_servers_and_those_of_others_are_not_there(
    client: Client, page: Page, contoso: Organization
) -> None:
    gone = factories.print_server(contoso, "Gone", removed_at=timezone.now(), sealed_secret="")
    foreign = factories.print_server(factories.organization("Fabrikam"), "Foreign")

    html = page("console:print_servers")

    assert "Gone" not in html
    assert "Foreign" not in html
    for server in (gone, foreign):
        url = reverse("console:print_server", kwargs={"organization": contoso.slug, "server": server.pk})
        assert client.get(url).status_code == 404


def test_the_page_of_a_server_says_what_the_test_found(page: Page, contoso: Organization) -> None:
    server = factories.print_server(contoso, probe=found(release=["owner"]), probed_at=timezone.now())

    html = page("console:print_server", server=server.pk)

    assert "People can undo a hold on their own jobs" in html
    assert "Put this first inside &lt;Policy default&gt;:" in html
    assert "Require user @SYSTEM" in html
    assert 'data-copy-target="#block-1"' in html


def test_the_number_of_printers_leads_to_them(client: Client, page: Page, contoso: Organization) -> None:
    server = factories.print_server(contoso)
    printers = reverse("console:printers", kwargs={"organization": contoso.slug})
    for where in (server, factories.print_server(contoso)):
        Printer.objects.create(organization=contoso, server=where, name=f"of {where.name}", uri="ipp://x/")

    assert f'href="{printers}?server={server.pk}">1</a>' in page("console:print_server", server=server.pk)
    html = client.get(printers, {"server": server.pk}).content.decode()
    assert html.count(f"of {server.name}") >= 1
    assert html.count("of Server") == html.count(f"of {server.name}")


def test_the_page_says_how_many_queues_are_closed_to_leavers(page: Page, contoso: Organization) -> None:
    server, other = factories.print_server(contoso), factories.print_server(contoso)
    for name, kind in (("front", ListKind.QUEUE), ("both", ListKind.CLASS), ("away", ListKind.ELSEWHERE)):
        QueueList.objects.create(place=server.address_key, queue=name, kind=kind)

    html = " ".join(page("console:print_server", server=server.pk).split())

    assert 'Queues closed to leavers</dt> <dd class="tabular"> 2 ' in html
    assert "Queues closed to leavers" not in page("console:print_server", server=other.pk)


def test_a_server_that_cannot_be_read_says_why(page: Page, contoso: Organization) -> None:
    offline = factories.print_server(contoso, problem="offline", offline_since=timezone.now())
    paused = factories.print_server(contoso, paused_at=timezone.now())

    html = page("console:print_server", server=offline.pk)
    assert "The server cannot be reached." in html
    assert "The console keeps trying" in html
    ServerRound.objects.filter(server=offline).update(stopped_at=timezone.now())
    PrintServer.objects.filter(pk=offline.pk).update(problem="wrong-login")
    html = page("console:print_server", server=offline.pk)
    assert "Enter the operator&#x27;s new password" in html
    assert "keeps trying" not in html
    html = page("console:print_server", server=paused.pk)
    assert "is from before the pause" in html
    assert "Resume" in html


def test_a_server_that_is_nearly_full_is_warned_of(page: Page, contoso: Organization) -> None:
    server = factories.print_server(contoso, max_jobs=10)
    for number in range(8):
        PrintJob.objects.create(
            organization=contoso,
            server=server,
            remote_id=number + 1,
            state=JobState.HELD if number else JobState.COMPLETED,
            submitted_at=timezone.now(),
        )

    assert "7 of at most 10" in page("console:print_server", server=server.pk)
    assert "will soon accept no more" not in page("console:print_server", server=server.pk)
    PrintJob.objects.update(state=JobState.HELD)
    assert "will soon accept no more" in page("console:print_server", server=server.pk)


def test_a_server_that_another_organization_uses_says_so_and_not_whose(
    page: Page, contoso: Organization
) -> None:
    server = factories.print_server(contoso)
    assert "Another organization" not in page("console:print_server", server=server.pk)
    factories.print_server(factories.organization("Fabrikam"), address_key=server.address_key)

    html = page("console:print_server", server=server.pk)

    assert "Another organization uses this server, too. You will see only jobs of your own people." in html
    assert "Fabrikam" not in html


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.AUDITOR])
def test_others_look_and_see_neither_buttons_nor_the_operator(contoso: Organization, role: Role) -> None:
    server = factories.print_server(contoso, user_name="cups-operator", probe=found(release=["owner"]))
    client = factories.signed_in(contoso, role)
    url = reverse("console:print_server", kwargs={"organization": contoso.slug, "server": server.pk})

    html = client.get(url).content.decode()

    assert "People can undo a hold" in html
    for word in ("cups-operator", "Test now", "Remove", "/edit/"):
        assert word not in html


def test_only_the_page_of_a_new_server_tests_it_by_itself(client: Client, contoso: Organization) -> None:
    server = factories.print_server(contoso)
    url = reverse("console:print_server", kwargs={"organization": contoso.slug, "server": server.pk})

    assert "load, submit" not in client.get(url).content.decode()
    assert "load, submit" in client.get(url, {"test": "1"}).content.decode()
    auditor = factories.signed_in(contoso, Role.AUDITOR)
    assert "load, submit" not in auditor.get(url, {"test": "1"}).content.decode()
    PrintServer.objects.update(probed_at=timezone.now())
    assert "load, submit" not in client.get(url, {"test": "1"}).content.decode()
