"""Directory export: added, told where to, exported now, its file taken, its history searched."""

import csv
from pathlib import Path

from playwright.sync_api import expect

from addons.services import configure, get_addon, install
from directory_export.models import ExportRun, Kind
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from tests import factories, many
from tests.browsing import Visitor
from tests.due import deliver_due

SLUG = "directory-export"


def test_from_learn_more_to_the_first_file(ada: Visitor, contoso: Organization, tmp_path: Path) -> None:
    many.people(contoso, range(len(many.HOSTILE)))
    ada.open_console(contoso, f"add-ons/{SLUG}/learn-more/")
    ada.press("Add")
    ada.press("Agree and add")
    ada.confirm_password()
    ada.sees("Nothing is exported yet")
    ada.check_width()
    ada.follow("Settings")
    ada.page.get_by_label("Export to").select_option("folder")
    ada.page.get_by_label("Folder").fill("../secrets")
    ada.press("Save")
    ada.sees("Use plain names, such as payroll/people.")
    ada.page.get_by_label("Folder").fill("payroll")
    ada.press("Save")
    ada.sees("The settings are saved.")

    ada.open(factories.page_of(contoso, "addons:details", addon=SLUG))
    ada.press("Export now")
    ada.cancel()
    assert not ExportRun.objects.exists()
    ada.press("Export now")
    ada.confirm("Export now")
    ada.sees("Export started.")
    deliver_due()
    ada.page.reload()
    ada.check_width()
    run = ExportRun.objects.get(kind=Kind.PEOPLE)
    file = ada.download(f"Download {run.location}", tmp_path)

    with file.open(encoding="utf-8-sig", newline="") as lines:
        cells = [cell for line in csv.reader(lines) for cell in line]
    assert "'=1+3" in cells
    assert not [cell for cell in cells if cell.startswith("=")]
    assert AuditEvent.objects.filter(organization=contoso, verb="export.downloaded").count() == 1


def test_the_history_is_searched_and_says_why_something_failed(ada: Visitor, contoso: Organization) -> None:
    installation = install(contoso, get_addon(SLUG), by=factories.TESTER)
    configure(installation, {"destination": "folder"}, by=factories.TESTER)
    ada.open(factories.page_of(contoso, "directory_export:history"))
    ada.sees("No exports yet")
    many.exports(installation, range(60))

    ada.open(factories.page_of(contoso, "directory_export:history"))
    ada.rows(50)
    ada.choose("State", "failed")
    assert "state=failed" in ada.page.url
    expect(ada.table.first.locator(".step-error")).to_have_text(many.HOSTILE[0])
    ada.search("=1+3")
    ada.rows(12)
    ada.check_width()
    ada.search("no such file")
    ada.sees("No matches")
    ada.follow("Clear search and filters")
    ada.rows(50)
