"""The console is served whole: vendored files are as published, nothing is loaded from elsewhere."""

import json
import re

import pytest
from django.apps import apps

from printmgmt.console.shell.pages import menu_items
from printmgmt.console.templatetags.console import ICONS, icon
from tests.printmgmt.console.shell.vendored import MANIFEST, PACKAGES, ROOT, VENDOR, checksums

OWN_FILES = sorted(
    path
    for pattern in ("templates/**/*.html", "static/css/*.css", "static/js/*.js")
    for path in ROOT.glob(pattern)
)
TEMPLATES = [path for path in OWN_FILES if path.suffix == ".html"]


def named(path: object) -> str:
    return str(path).removeprefix(f"{ROOT}/")


@pytest.mark.parametrize("folder", PACKAGES)
def test_vendored_files_have_the_recorded_checksums(folder: str) -> None:
    assert checksums(folder) == json.loads(MANIFEST.read_text())[folder]["files"]


def test_every_vendored_folder_is_in_the_manifest_with_a_licence_file() -> None:
    manifest = json.loads(MANIFEST.read_text())

    assert {path.name for path in VENDOR.iterdir() if path.is_dir()} == set(manifest)
    assert all("LICENSE" in entry["files"] and entry["licence"] for entry in manifest.values())


@pytest.mark.parametrize("path", OWN_FILES, ids=named)
def test_no_page_loads_anything_from_another_host(path) -> None:
    assert not re.search(r"""(?:src|href|action|url)\s*[=(]\s*["']?(?:https?:)?//""", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_obey_the_content_security_policy(path) -> None:
    text = path.read_text()

    # A data block (type="application/json") is read by a script and never run: the policy does not mind it.
    assert not re.search(r'<script(?![^>]*\b(?:src=|type="application/json"))', text), "inline script"
    assert not re.search(r"<style\b|\sstyle=", text), "inline style"
    assert not re.search(r"\son[a-z]+=", text), "inline event handler"
    assert not re.search(r"\bhx-on[:-]|\bjs:", text), "htmx would need eval"


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_icon_a_template_names_is_vendored(path) -> None:
    names = set(re.findall(r"""\{% icon "([^"]+)""", path.read_text()))

    assert [name for name in names if not (ROOT / ICONS / f"{name}.svg").exists()] == []


def test_the_icons_of_the_menu_are_vendored() -> None:
    assert all("<path" in icon(item.icon) for item in menu_items())


def test_the_icons_of_the_add_ons_are_vendored() -> None:
    icons = [config.icon for config in apps.get_app_configs() if hasattr(config, "icon")]

    assert len(icons) >= 2
    assert all("<path" in icon(name) for name in icons)


def test_an_icon_that_is_not_vendored_is_an_error() -> None:
    with pytest.raises(KeyError, match="no-such-icon"):
        icon("no-such-icon")
    with pytest.raises(KeyError):
        icon("../tabler-1.6.1/tabler.min")


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in icon("users")
    assert 'role="img" aria-label="&lt;People&gt;"' in icon("users", label="<People>")
