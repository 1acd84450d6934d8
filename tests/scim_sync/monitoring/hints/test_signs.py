"""What proves that a mapping is wrong, and what looks like it and does not."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from addons.models import Installation
from addons.services import configure
from scim_sync.models import ProvisioningEvent
from tests import factories
from tests.scim_sync.client import CORE, DISABLE, PATCH_OP, Scim, op
from tests.scim_sync.monitoring.hints.looks import look

WORK = {"type": "work", "primary": True}


def people(scim: Scim, number: int, **attributes: Any) -> list[str]:
    """Create people who arrive with `active`, unless ``attributes`` say otherwise."""
    names = [f"person{scim.get('/Users').body['totalResults'] + n}" for n in range(number)]
    return [scim.create(name, **{"active": True, **attributes}).id for name in names]


def plain(scim: Scim, number: int, **attributes: Any) -> None:
    """Create people who arrive without `active`."""
    for n in range(number):
        assert scim.create(f"plain{n}", **attributes).status == 201


def members(*ids: str) -> list[dict[str, str]]:
    return [{"value": member} for member in ids]


def test_before_the_first_request_there_is_nothing(installation: Installation) -> None:
    assert look(installation) == set()


@pytest.mark.parametrize(("number", "hints"), [(2, set()), (3, {"active"})])
def test_two_people_without_active_may_be_a_test(
    scim: Scim, installation: Installation, number: int, hints: set[str]
) -> None:
    plain(scim, number)

    assert look(installation) == hints


@pytest.mark.parametrize("name", ["Active", f"{CORE}:active"])
def test_active_in_any_spelling_is_active(scim: Scim, installation: Installation, name: str) -> None:
    plain(scim, 3)
    scim.create("zoe", **{name: "True"})

    assert look(installation) == set()


def test_a_person_who_is_disabled_proves_that_active_is_mapped(
    scim: Scim, installation: Installation
) -> None:
    plain(scim, 3)
    scim.patch(people(scim, 1)[0], DISABLE)

    assert look(installation) == set()


def test_who_leaves_by_delete_alone_proves_that_active_is_not_mapped(
    scim: Scim, installation: Installation
) -> None:
    made = people(scim, 6)
    for pk in made[:4]:
        scim.delete(pk)
    assert look(installation) == set()
    scim.delete(made[4])

    assert look(installation) == {"active"}


def test_who_is_disabled_first_and_deleted_later_leaves_as_entra_means_it(
    scim: Scim, installation: Installation
) -> None:
    made = people(scim, 8)
    for pk in made:
        scim.patch(pk, DISABLE)
    for pk in made:
        scim.delete(pk)

    assert look(installation) == set()


@pytest.mark.parametrize(
    ("attribute", "element"),
    [
        ("emails", WORK),
        ("phoneNumbers", {"type": "mobile"}),
        ("addresses", {"type": "work"}),
    ],
)
def test_elements_with_only_a_type_are_mapped_without_value(
    scim: Scim, installation: Installation, attribute: str, element: dict[str, Any]
) -> None:
    people(scim, 3, **{attribute: [element]})
    assert look(installation) == {"no-value"}

    people(scim, 1, **{attribute: [{**element, "value": "ada@contoso.com", "formatted": "12 Main St"}]})

    assert look(installation, minutes=70) == set()


@pytest.mark.parametrize("value", ["ada@contoso.com", None])
def test_a_path_without_value_is_a_mapping_without_value(
    scim: Scim, installation: Installation, value: str | None
) -> None:
    for pk in people(scim, 3):
        body = op("Replace", 'emails[type eq "work"]', value)
        scim.patch(pk, body)

    assert look(installation) == {"no-value"}


@pytest.mark.parametrize(
    "operation",
    [
        op("Replace", 'emails[type eq "work"].value', "ada@contoso.com"),
        op("Add", 'emails[type eq "work"]', {"value": "ada@contoso.com"}),
        op("Remove", 'emails[type eq "work"]'),
        op("Replace", "emails", [{**WORK, "value": "ada@contoso.com"}]),
    ],
)
def test_paths_that_the_rfc_means_are_right(
    scim: Scim, installation: Installation, operation: dict[str, Any]
) -> None:
    for pk in people(scim, 4):
        scim.patch(pk, operation)

    assert look(installation) == set()


def test_members_who_are_unknown_three_times_come_before_people(
    scim: Scim, installation: Installation
) -> None:
    made = people(scim, 1)
    groups = [scim.create_group(f"Group {n}", *made).id for n in range(3)]
    for n, group in enumerate(groups):
        unknown = f"00000000-0000-4000-8000-00000000000{n}"
        assert scim.patch_group(group, op("Add", "members", members(unknown))).status == 400
    assert look(installation) == {"groups-first"}

    scim.patch_group(groups[0], op("Add", "members", members(*people(scim, 1))))

    assert look(installation, minutes=70) == set()


def test_unknown_members_that_are_ignored_are_the_same(scim: Scim, installation: Installation) -> None:
    configure(installation, {"unknown_members": "ignore"}, by=factories.TESTER)
    group = scim.create_group("Staff", *people(scim, 1)).id
    for n in range(3):
        unknown = f"00000000-0000-4000-8000-00000000000{n}"
        assert scim.patch_group(group, op("Add", "members", members(unknown))).status == 200

    assert look(installation) == {"groups-first"}


def test_groups_that_come_first_within_one_sync_are_as_entra_sends_them(
    scim: Scim, installation: Installation
) -> None:
    scim.create_group("Empty in Entra, too")
    people(scim, 3)

    assert look(installation) == set()


def test_a_replace_of_one_member_after_the_other_adds_them_as_entra_means_it(
    scim: Scim, installation: Installation
) -> None:
    group = scim.create_group("Staff").id
    for pk in people(scim, 4):
        scim.patch_group(group, op("replace", "members", members(pk)))
        scim.patch_group(group, op("replace", "members", members(pk)))  # again, after a timeout

    assert look(installation) == set()


@pytest.mark.parametrize("is_folded", [False, True])
def test_whole_lists_are_told_unless_the_settings_mean_them(
    scim: Scim, installation: Installation, is_folded: bool
) -> None:
    made = people(scim, 5)
    group = scim.create_group("Staff", *made).id
    for left in (4, 3, 2):
        value = members(*made[:left])
        whole = op("replace", "", {"members": value}) if is_folded else op("replace", "members", value)
        assert scim.patch_group(group, whole).status == 200
    assert look(installation) == {"whole-lists"}

    configure(installation, {"replace_members": "rfc"}, by=factories.TESTER)
    installation.refresh_from_db()
    scim.patch_group(group, op("replace", "members", members(*made[:2])))

    assert look(installation, minutes=70) == set()


def test_a_removal_proves_that_removals_come(scim: Scim, installation: Installation) -> None:
    made = people(scim, 5)
    group = scim.create_group("Staff", *made).id
    for left in (4, 3, 2):
        scim.patch_group(group, op("replace", "members", members(*made[:left])))
    scim.patch_group(group, op("Remove", "members", members(made[0])))

    assert look(installation) == set()


def test_that_members_are_only_added_is_said_after_a_month_and_never_after_a_removal(
    scim: Scim, installation: Installation
) -> None:
    made = people(scim, 21)
    group = scim.create_group("Staff", *made[:20]).id
    assert look(installation, days=29) == set()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        scim.patch_group(group, op("Add", "members", members(made[20])))
    assert look(installation, days=31, hours=1) == {"never-removed"}

    with time_machine.travel(timezone.now() + timedelta(days=32)):
        scim.patch_group(group, op("Remove", "members", members(made[20])))
    assert look(installation, days=32, hours=1) == set()


def test_a_nested_group_with_people_is_no_reason_for_a_hint(scim: Scim, installation: Installation) -> None:
    inner = scim.create_group("Inner").id
    outer = scim.create_group("Outer", *people(scim, 1), inner).id
    assert look(installation) == {"nested"}

    scim.patch_group(inner, op("Add", "members", members(*people(scim, 1))))
    assert look(installation, minutes=70) == set()
    scim.patch_group(inner, op("Remove", "members"))
    scim.delete_group(outer)
    assert look(installation, minutes=110) == set()


@pytest.mark.parametrize(
    "body",
    [
        {"Operations": "none"},
        {"Operations": [7, {"op": 8, "path": 9, "value": {"a": 1}}, {"op": "add"}]},
        {"schemas": [PATCH_OP], "operations": [{"OP": "Replace", "PATH": "members", "Value": "x"}]},
        {"left out": "17000 bytes"},
        {},
        None,
    ],
)
def test_bodies_of_any_form_are_read(scim: Scim, installation: Installation, body: object) -> None:
    pk = people(scim, 1)[0]
    group = scim.create_group("Staff", pk).id
    scim.patch(pk, op("Replace", "title", "Dr."))
    scim.patch_group(group, op("Replace", "displayName", "All"))
    for event in ProvisioningEvent.objects.select_related("body"):
        event.body.request = body
        event.body.save()

    assert look(installation) == set()
