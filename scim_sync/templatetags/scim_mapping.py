"""The mapping table, for the two pages that show it."""

from typing import Any

from django import template

from scim_sync.console.mapping import DEFAULT_MAPPING

register = template.Library()


@register.inclusion_tag("scim_sync/_mapping.html")
def mapping_table() -> dict[str, Any]:
    """Show what Entra sends by default: first what printing uses, then what is only kept."""
    return {
        "used": [row for row in DEFAULT_MAPPING if row.here],
        "kept": [row for row in DEFAULT_MAPPING if not row.here],
    }
