"""sortBy and sortOrder (RFC 7644 §3.4.2.3), on its own and with filters and pages."""

import pytest

from printmgmt.people.models import PrintUser
from tests.scim_sync.client import ENTERPRISE, PRINTMGMT, Scim

pytestmark = [pytest.mark.both_databases, pytest.mark.rfc("7644", "3.4.2.3")]


@pytest.fixture
def crowd(scim: Scim, charlie: PrintUser) -> None:
    """Four people in the order they came: carl, anna, Bert and Dirk, who has nothing but a name."""
    scim.create(
        "carl",
        displayName="b",
        title="Ärztin",
        name={"familyName": "Zimmer"},
        active=False,
        emails=[{"type": "work", "value": "x@c"}, {"type": "home", "value": "a@c", "primary": True}],
        **{ENTERPRISE: {"department": "IT"}},
    )
    scim.create("anna", displayName="B", title="Zar", emails=[{"type": "work", "value": "c@a"}])
    scim.create("Bert", displayName="a", title="arzt", emails=[{"type": "home", "value": "b@b"}])
    scim.create("Dirk")


def listed(scim: Scim, query: str) -> list[str]:
    answer = scim.get(f"/Users?{query}")
    assert answer.status == 200, answer.body
    return [name.lower() for name in answer.found]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "carl anna bert dirk"),
        ("sortOrder=descending", "carl anna bert dirk"),
        ("sortBy=userName", "anna bert carl dirk"),
        ("sortBy=&sortOrder=", "carl anna bert dirk"),
        ("sortBy=USERNAME&sortOrder=Descending", "dirk carl bert anna"),
        ("sortBy=displayName", "bert carl anna dirk"),
        ("sortBy=displayName&sortOrder=descending", "dirk carl anna bert"),
        ("sortBy=title&sortOrder=ASCENDING", "bert anna carl dirk"),
        ("sortBy=name.familyName", "carl anna bert dirk"),
        ("sortBy=active", "carl anna bert dirk"),
        ("sortBy=active&sortOrder=descending", "anna bert dirk carl"),
        ("sortBy=emails", "carl bert anna dirk"),
        ("sortBy=emails.value&sortOrder=descending", "dirk anna bert carl"),
        ("sortBy=emails.type", "carl bert anna dirk"),
        (f"sortBy={ENTERPRISE}:department", "carl anna bert dirk"),
        ("sortBy=meta.created&sortOrder=descending", "dirk bert anna carl"),
        ("sortBy=userName&filter=displayName+pr&count=2&startIndex=2", "bert carl"),
        ("sortBy=displayName&count=1&startIndex=3", "anna"),
    ],
)
def test_people_come_in_the_order_asked_for(scim: Scim, crowd: None, query: str, names: str) -> None:
    assert listed(scim, query) == names.split()


def test_groups_are_sorted_too(scim: Scim) -> None:
    for name in ("b", "C", "a"):
        scim.create_group(name)

    resources = scim.get("/Groups?sortBy=displayName&sortOrder=descending").body["Resources"]

    assert [resource["displayName"] for resource in resources] == ["C", "b", "a"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("sortBy=nosuch", "nosuch"),
        ("sortBy=name", "name"),
        (f"sortBy={PRINTMGMT}:pin", "pin"),
        ("sortBy=password", "password"),
        ("sortBy=created_at", "created_at"),
        ("sortBy=userName&sortOrder=up", "up"),
        ("sortOrder=up", "up"),
    ],
)
def test_what_cannot_be_sorted_by_is_refused(scim: Scim, query: str, named: str) -> None:
    answer = scim.get(f"/Users?{query}")

    assert answer.error == (400, "invalidValue")
    assert named in answer.body["detail"]


def test_sorting_is_announced(scim: Scim) -> None:
    assert scim.get("/ServiceProviderConfig").body["sort"] == {"supported": True}
