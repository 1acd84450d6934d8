"""Bodies and spans of time, as the pages of the sync show them."""

import json
from datetime import timedelta
from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import ngettext

from printmgmt.console.shell.sources import names_of

register = template.Library()

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@register.filter
def as_json(value: Any) -> str:
    """JSON for a reader: indented, letters of every script as themselves."""
    return json.dumps(value, indent=2, ensure_ascii=False)


@register.filter
def span(length: timedelta) -> str:
    """A length of time in the largest unit of which it has two, rounded."""
    if length >= 2 * DAY:
        number = round(length / DAY)
        return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}
    if length >= 2 * HOUR:
        number = round(length / HOUR)
        return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}
    number = max(1, round(length / MINUTE))
    return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}


@register.simple_tag(takes_context=True)
def directory_name(context: Context, source: str) -> str:
    """Return the name of the directory with this ``source`` where the organization has several, else ""."""
    return names_of(getattr(context, "request", None)).get(source, "")
