"""The folder: complete files, the last N of them, and no way out of it."""

import csv
import hashlib
import os
from pathlib import Path

import pytest

from addons.exceptions import InvalidSettings
from addons.services import configure
from directory_export.destinations.exceptions import DeliveryError
from directory_export.destinations.folder import appearing, open_file
from directory_export.models import ExportRun, Kind, RunState
from directory_export.services import export_now
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from tests import factories
from tests.directory_export.conftest import Exporting
from tests.due import deliver_due

pytestmark = pytest.mark.django_db


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_an_export_lies_in_the_organizations_own_folder(
    contoso: Organization, exporting: Exporting, root: Path
) -> None:
    factories.person(contoso, "ada@contoso.example")
    export_now(exporting(contoso, folder="payroll/people"), by=factories.TESTER)

    assert deliver_due() == 2

    run = ExportRun.objects.get(kind=Kind.PEOPLE)
    path = root / str(contoso.pk) / run.location
    content = path.read_bytes()
    assert run.location.startswith("payroll/people/people-")
    assert (run.state, run.rows, run.size) == (RunState.DELIVERED, 1, len(content))
    assert run.sha256 == hashlib.sha256(content).hexdigest()
    assert [row["user_name"] for row in csv.DictReader(content.decode().splitlines())] == [
        "ada@contoso.example"
    ]
    assert path.stat().st_mode & 0o007 == 0


def test_a_delivered_file_is_audited_with_its_sum(contoso: Organization, exporting: Exporting) -> None:
    export_now(exporting(contoso), by=factories.TESTER)
    deliver_due()

    delivered = AuditEvent.objects.filter(organization=contoso, verb="export.delivered")
    sums = set(ExportRun.objects.values_list("sha256", flat=True))
    assert {event.details["sha256"] for event in delivered} == sums


def test_the_newest_files_are_kept_and_strangers_too(
    contoso: Organization, exporting: Exporting, root: Path
) -> None:
    installation = exporting(contoso, keep=2)
    home = root / str(contoso.pk)
    home.mkdir(parents=True)
    (home / "people-of-somebody-else.csv").write_text("not ours")

    for _ in range(4):
        export_now(installation, by=factories.TESTER)
        deliver_due()

    kept = ExportRun.objects.filter(removed_at=None)
    assert files(home) == sorted([*kept.values_list("location", flat=True), "people-of-somebody-else.csv"])
    newest = ExportRun.objects.filter(kind=Kind.PEOPLE).order_by("-created_at")[:2]
    assert set(kept.filter(kind=Kind.PEOPLE)) == set(newest)


@pytest.mark.parametrize(
    "folder",
    ["..", "../other", "/etc", "a/../../b", ".hidden", "a//b", "a\\b", "a\0b", "a\nb", "é", "x" * 65],
)
def test_a_folder_that_could_lead_elsewhere_is_refused_by_the_form(
    contoso: Organization, exporting: Exporting, folder: str
) -> None:
    with pytest.raises(InvalidSettings, match="folder"):
        exporting(contoso, folder=folder)


@pytest.mark.parametrize("relative", ["../people.csv", "/tmp/people.csv", "a/../../people.csv"])  # noqa: S108
def test_a_path_that_leads_out_is_refused_where_it_is_written(
    contoso: Organization, root: Path, relative: str
) -> None:
    with pytest.raises(DeliveryError), appearing(contoso, relative):
        pytest.fail("it was opened")

    assert not root.exists()


def test_a_link_that_leads_out_is_not_followed(
    contoso: Organization, exporting: Exporting, root: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (root / str(contoso.pk)).mkdir(parents=True)
    (root / str(contoso.pk) / "out").symlink_to(elsewhere)
    export_now(exporting(contoso, folder="out/below"), by=factories.TESTER)

    deliver_due()

    assert list(elsewhere.iterdir()) == []
    assert set(ExportRun.objects.values_list("state", flat=True)) == {RunState.FAILED}


def test_a_file_behind_a_link_is_not_read(contoso: Organization, root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of the host")
    (root / str(contoso.pk)).mkdir(parents=True)
    (root / str(contoso.pk) / "people.csv").symlink_to(tmp_path / "secret")

    with pytest.raises(OSError, match="symbolic"):
        open_file(contoso, "people.csv")


def test_a_file_that_could_not_be_finished_is_not_there(contoso: Organization, root: Path) -> None:
    def fail_halfway() -> None:
        with appearing(contoso, "people.csv") as file:
            file.write(b"half of it")
            assert files(root / str(contoso.pk)) == [".people.csv.part"]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()

    assert files(root) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_retried(
    contoso: Organization, exporting: Exporting, root: Path
) -> None:
    root.mkdir(mode=0o500)
    export_now(exporting(contoso), by=factories.TESTER)

    deliver_due()

    assert set(ExportRun.objects.values_list("state", flat=True)) == {RunState.WAITING}


def test_a_disk_that_refuses_is_retried(contoso: Organization, exporting: Exporting, root: Path) -> None:
    root.write_text("a file where the folder should be")
    export_now(exporting(contoso), by=factories.TESTER)

    deliver_due()

    run = ExportRun.objects.get(kind=Kind.PEOPLE)
    assert (run.state, run.error) == (RunState.WAITING, "Disk error: Not a directory.")


def test_without_a_folder_of_the_host_none_can_be_chosen(
    contoso: Organization, exporting: Exporting, settings: object
) -> None:
    installation = exporting(contoso, destination="off")
    settings.EXPORT_ROOT = ""  # type: ignore[attr-defined]

    with pytest.raises(InvalidSettings, match="has not set a folder"):
        configure(installation, {"destination": "folder"}, by=factories.TESTER)
