"""The mapping table that administrators read is the one that Entra's default mapping sends."""

from scim_sync.console.mapping import DEFAULT_MAPPING
from scim_sync.rehearsal.mappings import DEFAULT


def test_the_table_names_what_the_default_mapping_sends() -> None:
    assert {row.target for row in DEFAULT_MAPPING} == {
        attribute.target.path for attribute in DEFAULT.attributes
    }
