"""Template tags of the console: icons, captured blocks, form controls, sources, page numbers."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.extensions import Source
from printmgmt.console.shell.seen import seen_of
from printmgmt.console.shell.sources import known_source, names_of

register = template.Library()
register.filter("seen", seen_of)

ICONS = "static/vendor/tabler-icons-3.51.0"


@cache
def _strokes(name: str) -> SafeString:
    """Read the drawing of an icon, without its outer element; KeyError if it is not vendored."""
    path = settings.BASE_DIR / ICONS / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.exists():
        raise KeyError(f"icon {name!r} is not in {ICONS}")
    drawing = path.read_text(encoding="utf-8").partition(">")[2].rpartition("</svg>")[0]
    return mark_safe(re.sub(r"\s*\n\s*", "", drawing))  # noqa: S308 (vendored file, checksum is tested)


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """Draw a vendored Tabler icon inline: ``{% icon "users" classes="icon-2" %}``.

    Hidden from screen readers unless it has a ``label``.
    """
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        classes,
        spoken,
        _strokes(name),
    )


@register.simple_tag(takes_context=True)
def cell(context: Context, column: Column[Any], row: Any, *, linked: bool = False) -> SafeString:
    """Show what a column says of a row; ``linked``: its template is given the row's own page as ``url``."""
    if not column.template:
        value = column.read(row)
        if isinstance(value, str) and value:
            return format_html('<bdi class="breakable">{}</bdi>', value)
        return format_html("{}", intcomma(value) if isinstance(value, int) else value or "")
    template: Any = context.template.engine.get_template(column.template)  # type: ignore[union-attr]
    given = {name: read(row) for name, read in column.context.items()}
    url = context["view"].row_url(row) if linked else ""
    with context.push(**{"row": row, "url": url, **given}):
        shown: SafeString = template.render(context)
    return shown


@register.simple_tag
def confirming(text: str, *, title: str = "", button: str = "", tone: str = "") -> SafeString:
    """The attributes of a form that asks before it is sent (confirm.js): ``text`` says what will happen.

    ``title`` and ``button`` are the dialog's; ``tone="danger"`` for what cannot be undone.
    """
    given = {"-title": title, "-button": button, "-tone": tone}
    attributes = {"": text, **{name: value for name, value in given.items() if value}}
    return format_html_join(" ", 'data-confirm{}="{}"', attributes.items())


@register.inclusion_tag("console/shell/_confirm_form.html")
def confirm_form(  # noqa: PLR0913 -- the words of a button and of its question
    url: str,
    text: str,
    *,
    label: str,
    title: str = "",
    confirm: str = "",
    tone: str = "",
    icon: str = "",
    classes: str = "btn",
    form_classes: str = "",
    spoken: str = "",
    **fields: object,
) -> dict[str, Any]:
    """A button that sends a POST to ``url`` once what it asks was answered; ``fields`` are hidden inputs.

    ``confirm`` is the dialog's button, ``label`` unless it is given; ``spoken`` is what screen readers say.
    """
    return {
        "url": url,
        "text": text,
        "title": title,
        "confirm": confirm or label,
        "tone": tone,
        "label": label,
        "icon": icon,
        "classes": classes,
        "form_classes": form_classes,
        "spoken": spoken,
        "fields": {name: str(value) for name, value in fields.items()},
    }


class _CaptureNode(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 (rendered here)
        return mark_safe("")


@register.tag
def capture(parser: Parser, token: Token) -> _CaptureNode:
    """Render what is between ``{% capture name %}`` and ``{% endcapture %}`` into a variable.

    Lets one block (a page's title) stand in two places: a block may be declared only once.
    """
    name = token.split_contents()[1]
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return _CaptureNode(nodelist, name)


@register.filter
def control(field: BoundField, classes: str = "") -> SafeString:
    """Render a form field's widget with Tabler's class for its kind.

    The first field with an error takes the focus. A control that explains its change (confirm.js)
    gets the stored value, since the page may show again what was typed.
    """
    widget = field.field.widget
    if isinstance(widget, (CheckboxSelectMultiple, RadioSelect)):
        kind = ""
    elif isinstance(widget, CheckboxInput):
        kind = "form-check-input"
    elif isinstance(widget, Select):
        kind = "form-select"
    else:
        kind = "form-control"
    own = widget.attrs.get("class", "")
    invalid = "is-invalid" if field.errors else ""
    attrs: dict[str, Any] = {"class": " ".join(filter(None, (kind, own, invalid, classes)))}
    if field.errors and field.name == next(iter(other.name for other in field.form if other.errors), None):
        attrs["autofocus"] = True
    if "data-confirm-changed" in widget.attrs or "data-confirm-less" in widget.attrs:
        attrs["data-confirm-was"] = field.initial
    return field.as_widget(attrs=attrs)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Tell whether the field is a single checkbox, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag(takes_context=True)
def source_of(context: Context, source: str) -> Source | None:
    """Return the label and icon an add-on registered for a stored ``source``, or None."""
    return known_source(source, names_of(getattr(context, "request", None)))


@register.filter
def elided(page: "Page[Any]") -> Iterator[int | str]:
    """Return the page numbers around the current one, with an ellipsis for the gaps."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def initials(name: str) -> str:
    """Return up to two capitals for an avatar: of two words their first letters, else the first one."""
    words = [word for word in re.split(r"[\s._@-]+", name.partition("@")[0]) if word]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()
