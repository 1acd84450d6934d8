"""The attributes of a person: the one place that lists them.

Forms, the person's page, CSV files, exports, search and comparisons are built from this table. A row here
needs two columns of `PrintUser`, a migration, and a row in `scim_sync/adapters/attributes.py` if directories
send it. System checks (`people.checks`) name whatever is missing. docs/recipes.md has the steps.
"""

from dataclasses import dataclass
from typing import Final

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from printmgmt.people.names import NAME_LENGTH, TEXT_LENGTH


@dataclass(frozen=True, kw_only=True)
class PersonAttribute:
    """A text about a person: a column of PrintUser, and ``<name>_key`` with its comparison key (ADR 9).

    name       the column; also its name in exports and in the audit
    label      what people read, in forms, on pages and as the heading of a CSV column
    hint       a sentence below the field of a form
    required   it may not be blank; the user name only, since directories need not send the others
    is_email   it must be an email address when it is typed in a form
    indexed    its key column has an index, so it holds NAME_LENGTH characters at most
    searched   the search on People finds it
    identifies two people with the same value may be one: the page *Same person as …?* offers them
    synced     a directory owns it for the people it keeps; otherwise the console always does
    editable   it can be typed in the console where no directory owns it
    on_page    the person's page shows it
    in_csv     the CSV file of the list People has it
    exported   add-ons may send it out of the console (*Directory export*)
    """

    name: str
    label: Promise
    hint: Promise | str = ""
    required: bool = False
    is_email: bool = False
    indexed: bool = False
    searched: bool = False
    identifies: bool = False
    synced: bool = True
    editable: bool = True
    on_page: bool = True
    in_csv: bool = True
    exported: bool = True

    @property
    def key_column(self) -> str:
        """The column of PrintUser with the comparison key."""
        return f"{self.name}_key"

    @property
    def max_length(self) -> int:
        """The longest allowed text, in characters."""
        return NAME_LENGTH if self.indexed else TEXT_LENGTH

    def value_of(self, person: Model) -> str:
        """Return the attribute of ``person``, a PrintUser; "" when it has none."""
        value: str = getattr(person, self.name)
        return value


ATTRIBUTES: Final = (
    PersonAttribute(
        name="user_name",
        label=_("User name"),
        hint=_("The name the person prints under, often the email address. Must be unique."),
        required=True,
        indexed=True,
        searched=True,
    ),
    PersonAttribute(
        name="display_name", label=_("Display name"), indexed=True, searched=True, identifies=True
    ),
    PersonAttribute(
        name="work_email",
        label=_("Work email"),
        is_email=True,
        indexed=True,
        searched=True,
        identifies=True,
    ),
    PersonAttribute(name="department", label=_("Department")),
    PersonAttribute(name="employee_number", label=_("Employee number"), identifies=True),
    PersonAttribute(
        name="preferred_language",
        label=_("Preferred language"),
        hint=_("Such as en or fr-CA. Used for emails to this person, when available."),
    ),
)
"""All attributes, in the order in which forms, pages and files show them."""

BY_NAME: Final = {attribute.name: attribute for attribute in ATTRIBUTES}
