"""The attributes of a person, added by hand or edited; those the directory owns are locked."""

from collections.abc import Collection
from typing import Any

from django import forms

from printmgmt.people.attributes import ATTRIBUTES, PersonAttribute
from printmgmt.people.models import PrintUser

EDITABLE = [attribute for attribute in ATTRIBUTES if attribute.editable]


class PersonForm(forms.Form):
    """The editable attributes of a person; those in ``owned`` cannot be changed here, whatever is posted."""

    def __init__(self, *args: Any, owned: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for attribute in EDITABLE:
            self.fields[attribute.name] = field = _field(attribute)
            field.disabled = attribute.name in owned

    def changes(self) -> dict[str, str]:
        """What was typed over, so that nobody else's change to another attribute is undone."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


def _field(attribute: PersonAttribute) -> forms.CharField:
    described: dict[str, Any] = {
        "label": attribute.label,
        "help_text": attribute.hint,
        "required": attribute.required,
    }
    if attribute.is_email:
        return forms.EmailField(**described)
    return forms.CharField(max_length=attribute.max_length, **described)


def initial_of(person: PrintUser) -> dict[str, str]:
    """A person's attributes as PersonForm shows them."""
    return {attribute.name: attribute.value_of(person) for attribute in EDITABLE}
