"""Several installations of one add-on, where it allows them: each has a name and an address of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from addons.addresses import address_of
from addons.disposition import Disposition
from addons.exceptions import AddonError, AlreadyInstalled, InvalidSettings, NameTaken, Uninstalled
from addons.models import MOST_LETTERS, Installation
from addons.names import name_of, source_names_of
from addons.services import get_addon, install, rename, uninstall
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def client(contoso: Organization) -> Client:
    return factories.signed_in(contoso)


def exporting(of: Organization, name: str = "") -> Installation:
    return install(of, get_addon(factories.EXPORT), by=factories.TESTER, name=name)


def page(client: Client, url: str) -> str:
    answer = client.get(url, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.usefixtures("only_one")
def test_where_one_is_allowed_a_second_is_refused(contoso: Organization) -> None:
    factories.installed(contoso)

    with pytest.raises(AlreadyInstalled):
        install(contoso, get_addon(factories.ADDON), by=factories.TESTER, name="Lyon")


def test_the_database_refuses_a_second_of_one_number(contoso: Organization) -> None:
    first = factories.installed(contoso)

    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(organization=contoso, slug=first.slug, name="Lyon", name_key="lyon")


def test_the_database_refuses_a_name_twice(contoso: Organization) -> None:
    first = exporting(contoso, "Lyon")

    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(organization=contoso, slug=factories.ADDON, name_key=first.name_key)


def test_numbers_are_given_from_one_and_again_after_an_uninstalling(contoso: Organization) -> None:
    first, second, third = (exporting(contoso) for _number in range(3))
    uninstall(second, Disposition.KEEP, by=factories.TESTER)

    assert [first.number, third.number, exporting(contoso).number] == [1, 3, 2]
    assert [name_of(one) for one in (first, third)] == ["Directory export", "Directory export 3"]
    assert exporting(factories.organization("Fabrikam")).number == 1


def test_without_a_name_every_reader_sees_the_add_ons_own_in_their_language(contoso: Organization) -> None:
    with override("fr"):
        installation = exporting(contoso, "export de l’annuaire")
        assert name_of(installation) == "Export de l’annuaire"
    with override("en"):
        assert name_of(installation) == "Directory export"

    payroll = exporting(contoso, "Payroll")
    for language in ("en", "fr"):
        with override(language), pytest.raises(NameTaken):
            rename(payroll, name_of(installation), by=factories.TESTER)


@pytest.mark.parametrize("name", ["Lyon", " lYON  ", "Ｌｙｏｎ"])
def test_no_two_are_called_the_same_whatever_the_add_on(contoso: Organization, name: str) -> None:
    exporting(contoso, "Lyon")
    sync = factories.installed(contoso)

    with pytest.raises(NameTaken, match="already has the name"):
        exporting(contoso, name)
    with pytest.raises(NameTaken):
        rename(sync, name, by=factories.TESTER)
    exporting(factories.organization("Fabrikam"), name)


def test_a_name_is_free_again_after_an_uninstalling(contoso: Organization) -> None:
    uninstall(exporting(contoso, "Lyon"), Disposition.KEEP, by=factories.TESTER)

    assert name_of(exporting(contoso, "Lyon")) == "Lyon"


def test_renaming_is_recorded_with_both_names_and_back_again(contoso: Organization) -> None:
    installation = rename(exporting(contoso), "Lyon", by=factories.TESTER)
    rename(installation, "Lyon", by=factories.TESTER)
    rename(installation, "", by=factories.TESTER)

    events = AuditEvent.objects.filter(verb="addon.renamed").order_by("pk")
    assert [event.details["changes"]["name"] for event in events] == [
        ["Directory export", "Lyon"],
        ["Lyon", "Directory export"],
    ]


def test_a_name_too_long_or_of_something_uninstalled_is_refused(contoso: Organization) -> None:
    installation = exporting(contoso)
    with pytest.raises(InvalidSettings):
        rename(installation, "x" * (MOST_LETTERS + 1), by=factories.TESTER)
    uninstall(installation, Disposition.KEEP, by=factories.TESTER)

    with pytest.raises(Uninstalled):
        rename(installation, "Lyon", by=factories.TESTER)


def test_each_is_added_from_the_catalogue_and_opened_by_its_name(
    client: Client, contoso: Organization
) -> None:
    where = {"organization": contoso.slug, "addon": factories.EXPORT}
    add, learn_more = (reverse(f"addons:{name}", kwargs=where) for name in ("install", "learn_more"))

    client.post(add, {"consent": "yes"})
    assert "Add another" in page(client, learn_more)
    client.post(add, {"consent": "yes", "name": "Payroll"})

    first, second = contoso.installations.order_by("number")
    for html in (page(client, learn_more), page(client, reverse("addons:catalogue", args=[contoso.slug]))):
        for installation, name in ((first, "Directory export"), (second, "Payroll")):
            assert f'href="{address_of(installation)}"' in html
            assert f"Open: {name}" in html
    assert "Payroll</h1>" in page(client, address_of(second)).replace(" </h1>", "</h1>")


def test_another_one_needs_a_name_and_may_name_the_first(client: Client, contoso: Organization) -> None:
    first = factories.installed(contoso)
    where = {"organization": contoso.slug, "addon": factories.ADDON}
    add, learn_more = (reverse(f"addons:{name}", kwargs=where) for name in ("install", "learn_more"))

    html = page(client, learn_more)
    assert "Add another one for a second directory" in html
    assert 'value="Microsoft Azure AD User Sync"' in html
    client.post(add, {"consent": "yes", "name": "", "first_name": "Paris"})
    client.post(add, {"consent": "yes", "name": "paris", "first_name": "Paris"})
    first.refresh_from_db()
    assert (contoso.installations.count(), first.name) == (1, "")  # refused: nothing is renamed either

    client.post(add, {"consent": "yes", "name": "Lyon", "first_name": "Paris"})
    assert [name_of(one) for one in contoso.installations.order_by("number")] == ["Paris", "Lyon"]
    html = page(client, learn_more)
    assert "Name of the one you have" not in html
    assert client.post(add, {"consent": "yes", "name": "lyon"}).status_code == 302
    assert contoso.installations.count() == 2


def test_a_name_that_is_taken_is_refused_in_words_and_adds_nothing(
    client: Client, contoso: Organization
) -> None:
    exporting(contoso, "Payroll")
    where = {"organization": contoso.slug, "addon": factories.EXPORT}

    for name, words in (("payroll", "already has the name “payroll”"), ("x" * 101, "at most 100 characters")):
        answer = client.post(
            reverse("addons:install", kwargs=where), {"consent": "yes", "name": name}, follow=True
        )
        assert words in answer.content.decode()
    assert contoso.installations.count() == 1


def test_the_settings_rename_it_and_the_typed_name_uninstalls_it(
    client: Client, contoso: Organization
) -> None:
    first, second = exporting(contoso), exporting(contoso)

    html = client.post(address_of(second, "addons:rename"), {"name": "<b>Lyon"}, follow=True).content.decode()
    assert "&lt;b&gt;Lyon" in html
    for typed in ("Directory export", "<b>lyon"):
        client.post(address_of(second, "addons:uninstall"), {"name": typed})

    assert list(contoso.installations.present()) == [first]


def test_settings_health_history_and_tiles_are_of_each(client: Client, contoso: Organization) -> None:
    first, second = exporting(contoso), exporting(contoso, "Payroll")
    client.post(address_of(second, "addons:pause"))

    first.refresh_from_db()
    dashboard = page(client, reverse("console:dashboard", args=[contoso.slug]))
    assert not first.is_paused
    for installation in (first, second):
        assert f'href="{address_of(installation)}"' in dashboard
        assert client.get(address_of(installation, "directory_export:history")).status_code == 200
    assert "Payroll</h2>" in dashboard


@pytest.mark.usefixtures("only_one")
def test_where_one_is_allowed_nothing_is_asked_about_names_of_sources(
    contoso: Organization, django_assert_num_queries: object
) -> None:
    factories.installed(contoso)

    with django_assert_num_queries(0):  # type: ignore[operator]
        assert source_names_of(contoso) == {}


def test_people_of_two_directories_say_which(client: Client, contoso: Organization) -> None:
    sync, people = get_addon(factories.ADDON), reverse("console:people", args=[contoso.slug])
    paris = install(contoso, sync, by=factories.TESTER, name="Paris")
    person = factories.person(contoso, "ada")
    type(person).objects.filter(pk=person.pk).update(source=paris.source)
    assert "Paris" not in page(client, people)

    lyon = install(contoso, sync, by=factories.TESTER, name="Lyon")
    other = factories.person(contoso, "bob")
    type(other).objects.filter(pk=other.pk).update(source=lyon.source)

    html = page(client, people)
    assert "Entra, Paris" in html
    assert "Entra, Lyon" in html
    only = page(client, f"{people}?source={lyon.source}")
    assert "bob" in only
    assert ">ada<" not in only
    csv = client.get(people, {"export": "csv"}).getvalue().decode()
    assert "Entra, Lyon" in csv


def test_the_menu_leads_to_each_log_and_marks_the_one_that_is_open(
    client: Client, contoso: Organization
) -> None:
    sync = get_addon(factories.ADDON)
    paris, lyon = (install(contoso, sync, by=factories.TESTER, name=name) for name in ("Paris", "Lyon"))

    client.get(address_of(lyon, "scim_sync:log"))
    answer = client.get(address_of(lyon, "scim_sync:log"))

    entries = [entry for section in answer.context["navigation"] for entry in section.entries]
    logs = {str(entry.label): (entry.url, entry.current) for entry in entries if "log" in str(entry.label)}
    assert logs == {
        "Provisioning log, Paris": (address_of(paris, "scim_sync:log"), False),
        "Provisioning log, Lyon": (address_of(lyon, "scim_sync:log"), True),
    }


def test_the_command_finds_what_it_installed_by_name(
    contoso: Organization, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> str:
        call_command("install_addon", factories.EXPORT, "--organization", contoso.slug, *arguments)
        return capsys.readouterr().out

    first, payroll = run(), run("--name", "Payroll")

    assert first != payroll
    assert run("--name", "payroll") == payroll
    with pytest.raises(CommandError, match="already installed"):
        run()
    assert contoso.installations.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="races are proven on PostgreSQL")
@pytest.mark.usefixtures("only_one")
@pytest.mark.parametrize(("slug", "made"), [(factories.ADDON, 1), (factories.EXPORT, 4)])
def test_four_at_once_are_numbered_or_refused(contoso: Organization, slug: str, made: int) -> None:
    barrier = Barrier(4)

    def add() -> bool:
        try:
            barrier.wait()
            install(contoso, get_addon(slug), by=factories.TESTER)
        except AddonError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = [future.result() for future in [pool.submit(add) for _worker in range(4)]]

    assert outcomes.count(True) == made
    assert sorted(contoso.installations.values_list("number", flat=True)) == list(range(1, made + 1))
