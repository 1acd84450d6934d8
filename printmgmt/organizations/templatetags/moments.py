"""Formats moments in templates: ``{{ at|moment }}`` (date and time), ``{{ at|relative }}`` (*2 hours ago*).

A day without time is ``{{ at|date:"DATE_FORMAT" }}``.
"""

from datetime import datetime

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from printmgmt.organizations.moments import write_moment

register = template.Library()


@register.filter(expects_localtime=True)
def moment(at: datetime | None, precision: str = "") -> str:
    """Return date, time and zone, with ``|moment:"seconds"`` to the second; "" for None."""
    return write_moment(at, seconds=precision == "seconds") if at else ""


@register.simple_tag
def this_moment() -> str:
    """Return the present moment: date, time and zone."""
    return write_moment(timezone.now())


@register.filter(expects_localtime=True)
def relative(at: datetime | None) -> SafeString | str:
    """Return how long ago or ahead ``at`` is. The title, and the printed page, have the exact moment."""
    if not at:
        return ""
    return format_html(
        '<time class="relative nowrap" datetime="{}" title="{}">{}</time>',
        timezone.localtime(at).isoformat(),
        write_moment(at, seconds=True),
        naturaltime(at),
    )
