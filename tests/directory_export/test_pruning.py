"""How long the files of the folder are kept: as long as history, and no longer than a name in them."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from directory_export.models import ExportRun
from directory_export.pruning import prune_files
from directory_export.services import export_now
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.deprovisioning.retention.anonymising import anonymise
from printmgmt.organizations.models import Organization
from tests import factories
from tests.directory_export.conftest import Exporting
from tests.due import deliver_due, perform_due

pytestmark = pytest.mark.django_db

BY = factories.TESTER


def test_files_go_when_history_of_their_age_goes(
    contoso: Organization, exporting: Exporting, root: Path
) -> None:
    change_policy(contoso, {"retention_days": 40}, by=BY)
    export_now(exporting(contoso), by=BY)
    deliver_due()

    with time_machine.travel(timezone.now() + timedelta(days=39), tick=True):
        assert prune_files() == 0
    with time_machine.travel(timezone.now() + timedelta(days=41), tick=True):
        assert prune_files() == 2
        assert prune_files() == 0

    assert [path for path in root.rglob("*") if path.is_file()] == []
    assert all(run.removed_at for run in ExportRun.objects.all())


def test_a_file_with_an_anonymized_person_goes_and_a_later_one_stays(
    contoso: Organization, exporting: Exporting, root: Path
) -> None:
    ada = factories.person(contoso, "ada@contoso.example")
    export = exporting(contoso)
    export_now(export, by=BY)
    deliver_due()
    leaving.remove(ada, by=BY)
    perform_due()
    export_now(export, by=BY)
    deliver_due()
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True):
        perform_due()
        assert prune_files() == 0
        anonymise(ada, by=BY)

        assert prune_files() == 2

    files = [path.read_text() for path in root.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert not any("ada@" in text for text in files)


def test_files_of_another_organization_stay(contoso: Organization, exporting: Exporting, root: Path) -> None:
    fabrikam = factories.organization("Fabrikam")
    export_now(exporting(fabrikam), by=BY)
    deliver_due()
    ada = factories.person(contoso, "ada@contoso.example")
    leaving.remove(ada, by=BY)
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True):
        perform_due()
        anonymise(ada, by=BY)

        assert prune_files() == 0
