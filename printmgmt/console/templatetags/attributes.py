"""The attributes of a person in a sentence."""

from django import template
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from printmgmt.people.attributes import ATTRIBUTES

register = template.Library()


@register.simple_tag
def attributes_that_are(flag: str) -> str:
    """The labels of those with this flag of PersonAttribute, such as ``exported``: “A, B and C”."""
    labels = [str(attribute.label) for attribute in ATTRIBUTES if getattr(attribute, flag)]
    return get_text_list(labels, _("and"))
