"""A form that was filled in on an older page: what someone else has changed is not overwritten."""

import hashlib
import json
from collections.abc import Mapping

from django.forms import BaseForm
from django.utils.translation import gettext as _

SEEN = "seen"
"""The parameter in which a form says what it showed (template `console/shell/_form.html`)."""


def seen(values: Mapping[str, object]) -> str:
    """A short digest of values as a form shows them."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:20]


def seen_of(form: BaseForm) -> str:
    """The same of what a form shows before anything is typed into it."""
    return seen(_shown(form))


def is_stale(form: BaseForm) -> bool:
    """Whether a valid form was filled in on values that are others by now; then the form says so.

    Beside each field that would overwrite something stands what it is now. Sent once more it is saved.
    """
    if form.data.get(SEEN, seen_of(form)) == seen_of(form):
        return False
    for name, value in _shown(form).items():
        if name in form.changed_data:
            form.add_error(
                name, _("Current value: %(value)s") % {"value": value if value not in ("", None) else "–"}
            )
    form.add_error(None, _("Not saved: someone else changed this in the meantime. Compare, then save again."))
    return True


def _shown(form: BaseForm) -> dict[str, object]:
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
