"""Target paths: parsed, read, placed."""

import pytest

from scim_sync.rehearsal.targets import Target

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def test_dots_of_the_version_belong_to_the_urn() -> None:
    target = Target.parse(f"{ENTERPRISE}:manager.value")
    assert (target.urn, target.attribute, target.sub) == (ENTERPRISE, "manager", "value")


def test_urn_of_the_core_schema_means_the_plain_attribute() -> None:
    target = Target.parse("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName")
    assert target.read({"name": {"givenName": "Ada"}}) == "Ada"


def test_filtered_path_reads_the_element_of_that_type_in_any_case() -> None:
    target = Target.parse('emails[type eq "work"].value')
    assert target.read({"emails": [{"type": "home", "value": "h"}, {"type": "Work", "value": "w"}]}) == "w"


@pytest.mark.parametrize(
    "resource", [{}, {"emails": None}, {"emails": []}, {"emails": [{"type": "home", "value": 1}]}]
)
def test_filtered_path_without_its_element_reads_nothing(resource: dict[str, object]) -> None:
    assert Target.parse('emails[type eq "work"].value').read(resource) is None


def test_path_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a target path"):
        Target.parse("emails[type co work]")
