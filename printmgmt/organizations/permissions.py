"""Permissions: who may do what. Views check them; pages and docs show them.

A permission is the set of roles that have it. Only owners end, restore and grant console access. Managers
may do what cannot be undone to people. Operators do the daily work.
"""

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.organizations.roles import EVERYONE, MANAGERS, OPERATORS, OVERSEERS, Role

if TYPE_CHECKING:
    Roles = frozenset[Role]
else:
    Roles = frozenset


class Permission(Roles):
    """The roles that may do one thing. ``label`` describes it to people."""

    label: str | Promise

    def __new__(cls, label: str | Promise, roles: frozenset[Role]) -> "Permission":
        made = super().__new__(cls, roles)
        made.label = label
        return made


LOOK = Permission(
    gettext_lazy(
        "See people, groups, printers, jobs, leavers, add-ons, the provisioning log and the review queue"
    ),
    EVERYONE,
)
OVERSEE = Permission(gettext_lazy("See the audit log, the administrators and the settings"), OVERSEERS)
EDIT_PEOPLE = Permission(gettext_lazy("Add people and edit their details"), OPERATORS)
SUSPEND_PEOPLE = Permission(
    gettext_lazy("Suspend, block, unblock and restore people, and retry steps that failed"), OPERATORS
)
GIVE_CREDENTIALS = Permission(gettext_lazy("Assign and revoke cards, PINs and devices"), OPERATORS)
CHANGE_GROUPS = Permission(
    gettext_lazy("Create, rename and delete groups, and change their members"), OPERATORS
)
CONTROL_JOBS = Permission(
    gettext_lazy("See titles of print jobs, hold, release and cancel jobs, and assign them to people"),
    OPERATORS,
)
DECIDE_REVIEWS = Permission(gettext_lazy("Decide in the review queue"), OPERATORS)
REMOVE_PEOPLE = Permission(gettext_lazy("Remove people, and merge duplicate entries"), MANAGERS)
HOLD_HISTORY = Permission(gettext_lazy("Set and lift legal holds"), MANAGERS)
ERASE_HISTORY = Permission(gettext_lazy("Anonymize removed people before their time"), MANAGERS)
MANAGE_PRINTING = Permission(
    gettext_lazy("Add, test, change and remove print servers and stations, and set up secure release"),
    MANAGERS,
)
MANAGE_ADDONS = Permission(
    gettext_lazy("Add, set up, pause and uninstall add-ons, and download the files they export"), MANAGERS
)
MANAGE_TOKENS = Permission(gettext_lazy("Create and revoke secret tokens"), MANAGERS)
CHANGE_SETTINGS = Permission(gettext_lazy("Change the settings and the leaving policy"), MANAGERS)
INVITE = Permission(gettext_lazy("Invite administrators of every role except owner"), MANAGERS)
ADMINISTER = Permission(
    gettext_lazy(
        "Invite owners, change roles, end and restore console access, require two-factor authentication "
        "and reset it for someone"
    ),
    frozenset({Role.OWNER}),
)

PERMISSIONS = (
    LOOK,
    EDIT_PEOPLE,
    SUSPEND_PEOPLE,
    GIVE_CREDENTIALS,
    CHANGE_GROUPS,
    CONTROL_JOBS,
    DECIDE_REVIEWS,
    OVERSEE,
    REMOVE_PEOPLE,
    HOLD_HISTORY,
    ERASE_HISTORY,
    MANAGE_PRINTING,
    MANAGE_ADDONS,
    MANAGE_TOKENS,
    CHANGE_SETTINGS,
    INVITE,
    ADMINISTER,
)
"""All permissions, in the order in which they are shown."""

OPERATE = [permission for permission in PERMISSIONS if permission == OPERATORS]
"""Permissions of the help desk and the roles above it."""


def role_words(role: Role) -> str:
    """Return what a role may do, in a sentence or two. Leaves out what every role may do."""
    held = [permission for permission in PERMISSIONS if role in permission and permission is not LOOK]
    if len(held) == len(PERMISSIONS) - 1:
        alone = [str(permission.label) for permission in held if len(permission) == 1]
        return _("Full access. Only owners: %(permissions)s.") % {"permissions": ". ".join(alone)}
    if held == [OVERSEE]:
        return _("Can see everything, can change nothing.")
    if set(OPERATE) < set(held):  # too long to read: refer to the help desk instead
        more = [str(permission.label) for permission in held if permission not in OPERATE]
        return _("Everything the help desk can do. %(permissions)s.") % {"permissions": ". ".join(more)}
    return f"{'. '.join(str(permission.label) for permission in held)}."
