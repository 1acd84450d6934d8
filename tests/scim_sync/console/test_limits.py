"""What the directory may use and ask for, below the settings of the add-on."""

import pytest
from pytest_django.fixtures import Settings

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from tests import factories
from tests.scim_sync.console.conftest import Page


@pytest.mark.parametrize(
    ("seats", "text"), [(None, "1 active person (no limit)"), (250, "1 of 250 seats in use")]
)
def test_seats_are_shown_and_who_decides_them(
    page: Page, contoso: Organization, charlie: PrintUser, seats: int | None, text: str
) -> None:
    Organization.objects.filter(pk=contoso.pk).update(seats=seats)
    factories.person(contoso)

    html = page("addons:settings")

    assert text in html
    assert "Your host sets the number." in html


def test_limits_of_a_request_are_shown(page: Page) -> None:
    html = page("addons:settings").replace("\xa0", " ")

    for text in (
        "1.0 MB, Bulk 5.0 MB",
        "PATCH 1,000, Bulk 1,000",
        "100, at most 1,000",
        "4.0 KB, 100 comparisons",
    ):
        assert text in html


@pytest.mark.parametrize("rate", [0, 50])
def test_how_often_the_directory_may_call_is_shown(page: Page, settings: Settings, rate: int) -> None:
    settings.SCIM_REQUESTS_PER_SECOND, settings.SCIM_REQUESTS_AT_ONCE = rate, 1200

    assert ("50, up to 1,200 at once" in page("addons:settings")) is bool(rate)
