"""What installations are called, for templates."""

from django import template

from addons import names
from addons.models import Installation

register = template.Library()


@register.filter
def name_of(installation: Installation) -> str:
    """Return the installation's name, or its add-on's in the reader's language."""
    return names.name_of(installation)
