"""The table of roles in docs/console.md is the one that the console checks."""

from pathlib import Path

import pytest

from printmgmt.organizations import permissions
from tools import roles_table


def test_docs_show_what_the_console_checks() -> None:
    assert roles_table.page() == roles_table.PAGE.read_text(encoding="utf-8")


def test_a_permission_the_docs_do_not_show_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(permissions, "PERMISSIONS", permissions.PERMISSIONS[:-1])

    assert roles_table.page() != roles_table.PAGE.read_text(encoding="utf-8")
