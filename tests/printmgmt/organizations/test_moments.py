"""One way to write a moment, one reader of time zones."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation

from printmgmt.organizations.models import Organization
from printmgmt.organizations.moments import write_day, write_moment, zone_of

AT = datetime(2026, 11, 28, 13, 36, 5, tzinfo=UTC)


def rendered(source: str, **values: object) -> str:
    return Template("{% load moments %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("language", "zone", "text"),
    [
        ("en", "Europe/Paris", "Nov 28, 2026, 14:36 CET"),
        ("en", "UTC", "Nov 28, 2026, 13:36 UTC"),
        ("en", "America/Sao_Paulo", "Nov 28, 2026, 10:36 UTC-03"),
        ("en", "Asia/Kathmandu", "Nov 28, 2026, 19:21 UTC+0545"),
        ("fr", "Europe/Paris", "28 novembre 2026 14:36 CET"),
        ("fr", "America/Sao_Paulo", "28 novembre 2026 10:36 UTC-03"),
    ],
)
def test_a_moment_is_written_in_zone_and_language_and_names_the_zone(
    language: str, zone: str, text: str
) -> None:
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        assert write_moment(AT) == text
        assert rendered("{{ at|moment }}", at=AT) == text
        assert write_moment(AT, seconds=True) == re.sub(r"(:\d\d) ", r"\1:05 ", text)
        assert rendered('{{ at|moment:"seconds" }}', at=AT) == write_moment(AT, seconds=True)


def test_a_day_is_the_one_of_the_zone() -> None:
    late = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/Paris")):
        assert write_day(late) == "Nov 29, 2026"


def test_how_long_ago_carries_the_exact_moment() -> None:
    with timezone.override(ZoneInfo("Europe/Paris")):
        html = rendered("{{ at|relative }}", at=AT)
    assert 'datetime="2026-11-28T14:36:05+01:00" title="Nov 28, 2026, 14:36:05 CET"' in html


@pytest.mark.parametrize("source", ["{{ at|moment }}", "{{ at|relative }}"])
def test_no_moment_is_nothing(source: str) -> None:
    assert rendered(source, at=None) == ""


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "Europe", "../../etc/passwd", "a\0b", "x" * 5000, "/"])
def test_a_zone_that_is_none_is_utc(name: str) -> None:
    assert zone_of(Organization(time_zone=name)).key == "UTC"


def test_a_zone_that_is_known_is_itself() -> None:
    assert zone_of(Organization(time_zone="Asia/Tokyo")).key == "Asia/Tokyo"


PACKAGES = ("printmgmt", "addons", "scim_sync", "directory_export", "templates")
ONE_READER = "printmgmt/organizations/moments.py"


def sources(*endings: str) -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        for path in (settings.BASE_DIR / package).rglob("*"):
            if path.suffix in endings and "migrations" not in path.parts:
                found[str(path.relative_to(settings.BASE_DIR))] = path.read_text(encoding="utf-8")
    return found


def test_nobody_else_reads_zones_or_writes_moments() -> None:
    """Code that needs one of these has to use `printmgmt.organizations.moments`."""
    own_ways = re.compile(r"ZoneInfo\(|strftime\(|date_format\(|\|(date|time):.(?!(DATE|TIME)_FORMAT|c['\"])")
    found = {path for path, text in sources(".py", ".html", ".txt").items() if own_ways.search(text)}
    assert found - {ONE_READER} == set()
