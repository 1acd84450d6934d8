"""Adding the add-on, its details page, the secret, the history and the files."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from addons.disposition import Disposition
from addons.exceptions import Uninstalled
from addons.models import Installation
from addons.services import pause, uninstall
from directory_export.models import Cause, ExportPlan, ExportRun, Kind, RunState
from directory_export.preferences import Destination
from directory_export.services import export_now, has_secret, set_secret
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from tests import factories
from tests.directory_export.conftest import SECRET, Exporting
from tests.directory_export.receiver import Receiver
from tests.due import deliver_due

pytestmark = pytest.mark.django_db

SLUG = "directory-export"


def address(of: Organization, name: str, **more: object) -> str:
    """Of a page of the organization, of one about the add-on, or about its installation."""
    if name.startswith("console:"):
        return reverse(name, kwargs={"organization": of.slug})
    if name == "addons:learn_more":
        return reverse(name, kwargs={"organization": of.slug, "addon": SLUG})
    return factories.page_of(of, name, addon=SLUG, **more)


def shown(client: Client, of: Organization, name: str, **query: str) -> str:
    answer = client.get(address(of, name), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def post(client: Client, of: Organization, name: str, **data: str) -> str:
    """Post and return the page it leads to."""
    answer = client.post(address(of, name), data, follow=True)
    return " ".join(answer.content.decode().split())


def test_it_is_found_learnt_about_and_added(client: Client, contoso: Organization) -> None:
    assert (
        "Directory export"
        in client.get(
            reverse("addons:catalogue", kwargs={"organization": contoso.slug}), {"q": "csv"}
        ).content.decode()
    )
    assert "Cards, PINs and devices never leave" in shown(client, contoso, "addons:learn_more")

    where = {"organization": contoso.slug, "addon": SLUG}
    client.post(reverse("addons:install", kwargs=where), {"consent": "yes"})

    html = shown(client, contoso, "addons:details")
    assert "Nothing is exported yet" in html
    assert "Not set up. Choose a destination in Settings." in html
    assert "Export now" not in html


def test_export_now_asks_first_and_shows_what_became_of_it(
    client: Client, contoso: Organization, exporting: Exporting
) -> None:
    exporting(contoso)
    assert 'data-confirm="Writes people and groups' in shown(client, contoso, "addons:details")

    assert "Export started." in post(client, contoso, "directory_export:export_now")

    deliver_due()
    html = shown(client, contoso, "addons:details")
    assert "Last delivered" in html
    assert ExportRun.objects.get(kind=Kind.PEOPLE).location in html
    assert AuditEvent.objects.filter(organization=contoso, verb="export.requested").count() == 1


def test_export_now_says_why_not(client: Client, contoso: Organization, exporting: Exporting) -> None:
    pause(exporting(contoso), by=factories.TESTER)

    assert "Paused. Nothing is exported" in post(client, contoso, "directory_export:export_now")
    assert not ExportRun.objects.exists()


def test_a_secret_is_taken_and_never_shown(
    client: Client, contoso: Organization, sending: Installation
) -> None:
    html = post(client, contoso, "directory_export:secret", secret="another-secret-0123456789")

    assert has_secret(sending)
    assert "another-secret" not in html
    assert SECRET not in shown(client, contoso, "addons:details")
    assert "hidden-in-the-query" not in html


@pytest.mark.parametrize(
    "secret", ["", "short", "with blanks in between", "line\r\nX-Evil: 1234567", "é" * 20]
)
def test_a_secret_that_is_weak_or_breaks_a_header_is_refused(
    client: Client, contoso: Organization, exporting: Exporting, receiver: Receiver, secret: str
) -> None:
    installation = exporting(contoso, destination="https", address=receiver.url)

    post(client, contoso, "directory_export:secret", secret=secret)

    assert not has_secret(installation)


def test_health_follows_what_happened(
    client: Client, contoso: Organization, sending: Installation, receiver: Receiver
) -> None:
    receiver.statuses = [503, 503]
    export_now(sending, by=factories.TESTER)
    deliver_due()
    assert "not delivered yet. It will be retried" in shown(client, contoso, "console:dashboard")

    receiver.statuses = [401, 401]
    export_now(sending, by=factories.TESTER)
    deliver_due()
    assert "failed: localhost" in shown(client, contoso, "addons:details")

    export_now(sending, by=factories.TESTER)
    deliver_due()
    assert "Last delivered" in shown(client, contoso, "console:dashboard")


def test_an_export_nobody_performs_is_called_overdue(
    client: Client, contoso: Organization, exporting: Exporting
) -> None:
    export_now(exporting(contoso), by=factories.TESTER)
    ExportRun.objects.update(due_at=timezone.now() - timedelta(hours=1))

    assert "overdue" in shown(client, contoso, "addons:details")


def test_a_delivered_file_is_downloaded_as_it_is_and_that_is_audited(
    client: Client, contoso: Organization, exporting: Exporting, root: Path
) -> None:
    factories.person(contoso, "ada@contoso.example")
    export_now(exporting(contoso), by=factories.TESTER)
    deliver_due()
    run = ExportRun.objects.get(kind=Kind.PEOPLE)

    answer = client.get(address(contoso, "directory_export:download", run=run.pk))

    assert answer.getvalue() == (root / str(contoso.pk) / run.location).read_bytes()
    assert answer["Content-Disposition"] == f'attachment; filename="{run.location}"'
    assert answer["Cache-Control"] == "no-store"
    assert AuditEvent.objects.get(verb="export.downloaded").details["sha256"] == run.sha256


def test_a_file_that_is_gone_or_waits_is_not_found(
    client: Client, contoso: Organization, exporting: Exporting, root: Path
) -> None:
    people, groups = export_now(exporting(contoso), by=factories.TESTER)
    url = address(contoso, "directory_export:download", run=people.pk)
    assert client.get(url).status_code == 404

    deliver_due()
    people.refresh_from_db()
    (root / str(contoso.pk) / people.location).unlink()

    assert client.get(url).status_code == 404
    assert not AuditEvent.objects.filter(verb="export.downloaded").exists()


def test_another_organization_sees_nothing(contoso: Organization, exporting: Exporting) -> None:
    fabrikam = factories.organization("Fabrikam")
    exporting(fabrikam)
    export_now(exporting(contoso), by=factories.TESTER)
    deliver_due()
    run = ExportRun.objects.get(kind=Kind.PEOPLE)
    stranger = factories.signed_in(fabrikam)

    url = address(fabrikam, "directory_export:download", run=run.pk)
    assert stranger.get(url).status_code == 404
    assert "No exports yet" in shown(stranger, fabrikam, "directory_export:history")
    assert run.location not in shown(stranger, fabrikam, "addons:details")


def test_a_helpdesk_sees_the_history_and_takes_no_file(contoso: Organization, exporting: Exporting) -> None:
    export_now(exporting(contoso), by=factories.TESTER)
    deliver_due()
    helpdesk = factories.signed_in(contoso, Role.HELPDESK)

    html = shown(helpdesk, contoso, "directory_export:history")

    assert ExportRun.objects.get(kind=Kind.PEOPLE).location in html
    assert "Download" not in html


def test_history_is_searched_filtered_and_exported(
    client: Client, contoso: Organization, exporting: Exporting
) -> None:
    installation = exporting(contoso)
    fill(installation, 2)
    ExportRun.objects.filter(location="1.csv").update(state=RunState.FAILED, error='<b>=1+3 "\u202e')

    assert "1.csv" not in shown(client, contoso, "directory_export:history", state="delivered")
    assert "No matches" in shown(client, contoso, "directory_export:history", kind="groups")
    html = shown(client, contoso, "directory_export:history", q="=1+3")
    assert "&lt;b&gt;=1+3" in html
    url = address(contoso, "directory_export:history")
    assert b"0.csv" in client.get(url, {"export": "csv"}).getvalue()


def fill(installation: Installation, number: int) -> None:
    now = timezone.now()
    ExportRun.objects.bulk_create(
        ExportRun(
            organization=installation.organization,
            installation=installation,
            kind=Kind.PEOPLE,
            cause=Cause.NIGHTLY,
            state=RunState.DELIVERED,
            destination=Destination.FOLDER,
            location=f"{index}.csv",
            ended_at=now,
            rows=index,
            size=index,
            milliseconds=index,
            sha256="0" * 64,
        )
        for index in range(number)
    )


@pytest.mark.parametrize("name", ["directory_export:history", "addons:details"])
def test_3_and_3000_exports_take_the_same_queries(
    client: Client,
    contoso: Organization,
    exporting: Exporting,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    name: str,
) -> None:
    installation = exporting(contoso)
    counts = []
    for number in (3, 3000):
        fill(installation, number)
        with django_assert_max_num_queries(20) as captured:
            shown(client, contoso, name)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_the_frameworks_settings_page_sets_where_to(
    client: Client, contoso: Organization, exporting: Exporting
) -> None:
    exporting(contoso, destination="off")
    url = address(contoso, "addons:settings")
    wanted = {
        "destination": "folder",
        "format": "json",
        "at": "23:15",
        "folder": "payroll",
        "keep": "3",
        "address": "",
        "proof": "bearer",
    }

    wrong = client.post(url, {**wanted, "at": "25:00", "folder": "../x"})
    assert "Enter a time such as 02:00." in wrong.content.decode()
    assert client.post(url, wanted).status_code == 302

    html = shown(client, contoso, "addons:details")
    assert "every day at 23:15, UTC" in html
    assert f"{contoso.pk}/payroll" in html
    assert ExportPlan.objects.get().next_due_at is not None


def test_a_secret_for_what_was_uninstalled_meanwhile_is_not_kept(
    exporting: Exporting, contoso: Organization
) -> None:
    stale = exporting(contoso)
    uninstall(stale, Disposition.KEEP, by=factories.TESTER)

    with pytest.raises(Uninstalled):
        set_secret(stale, SECRET, by=factories.TESTER)

    assert not ExportPlan.objects.exists()
