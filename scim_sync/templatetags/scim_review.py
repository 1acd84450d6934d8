"""A person as the console knows them beside what the directory proposed."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from printmgmt.people.models import PrintUser
from scim_sync.services.proposals import COMPARED

register = template.Library()


@register.inclusion_tag("scim_sync/_both_sides.html")
def both_sides(person: PrintUser, proposed: dict[str, str]) -> dict[str, Any]:
    """Show a person beside the values of a `services.proposals.Proposal`."""
    rows = [
        (attribute.label, attribute.value_of(person), proposed.get(attribute.name, ""))
        for attribute in COMPARED
    ]
    return {"rows": [*rows, (_("External ID"), "", proposed.get("external_id", ""))]}
