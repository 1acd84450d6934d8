"""The source directory: its users, changes to them, and the change log that cycles read."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

# Columns of the portal's "Download users" that have other names in mappings and older exports.
MAPPING_NAMES = {
    "officeLocation": "physicalDeliveryOfficeName",
    "mobilePhone": "mobile",
    "faxNumber": "facsimileTelephoneNumber",
}
OBJECT_ID_COLUMNS = ("id", "objectId")
OWN_COLUMNS = {*OBJECT_ID_COLUMNS, "accountEnabled", "userType", "manager"}


@dataclass(frozen=True)
class User:
    """One directory object. `attributes` holds text under the names mappings use; empty means null."""

    object_id: str
    attributes: dict[str, str]
    user_type: str = "Member"
    manager_id: str = ""
    account_enabled: bool = True
    assigned: bool = True
    deleted: bool = False
    purged: bool = False

    def get(self, name: str) -> str:
        """Return the attribute's text, "" when the directory has none."""
        return self.attributes.get(name, "")


@dataclass(frozen=True)
class Group:
    """One security group; ``members`` are objectIds of users and groups."""

    object_id: str
    display_name: str
    members: tuple[str, ...] = ()


@dataclass
class Directory:
    """Users by objectId and a change log; every change of a user appends to the log. Groups by objectId."""

    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[User]:
        return iter(self.users.values())

    def by_upn(self, upn: str) -> User:
        """Return the user with exactly this userPrincipalName; KeyError when there is none."""
        for user in self:
            if user.get("userPrincipalName") == upn:
                return user
        raise KeyError(upn)

    def put(self, user: User) -> None:
        self.users[user.object_id] = user
        self.log.append(user.object_id)

    def put_group(self, object_id: str, display_name: str, *members: str) -> None:
        """Create a group, or change its name and its members."""
        self.groups[object_id] = Group(object_id, display_name, members)

    def edit(self, object_id: str, **attributes: str) -> None:
        """Set attributes, by the portal's column names or a mapping's; "" empties one."""
        user = self.users[object_id]
        self.put(replace(user, attributes=user.attributes | mapped(attributes)))

    def set_manager(self, object_id: str, manager_id: str) -> None:
        self.put(replace(self.users[object_id], manager_id=manager_id))

    def enable(self, object_id: str, *, enabled: bool = True) -> None:
        self.put(replace(self.users[object_id], account_enabled=enabled))

    def assign(self, object_id: str, *, assigned: bool = True) -> None:
        """Assign the user to the application, or take the assignment away."""
        self.put(replace(self.users[object_id], assigned=assigned))

    def delete(self, object_id: str) -> None:
        """Move the user to the recycle bin."""
        self.put(replace(self.users[object_id], deleted=True))

    def restore(self, object_id: str) -> None:
        """Take the user out of the recycle bin."""
        self.put(replace(self.users[object_id], deleted=False))

    def purge(self, object_id: str) -> None:
        """Delete for good: by hand, or 30 days after the deletion."""
        self.put(replace(self.users[object_id], deleted=True, purged=True))

    def changed_since(self, watermark: int) -> list[User]:
        """Return each user changed after `watermark` (a length of the log) once, by first change."""
        return [self.users[object_id] for object_id in dict.fromkeys(self.log[watermark:])]


def mapped(columns: dict[str, str]) -> dict[str, str]:
    """Return the values under the names mappings use."""
    return {MAPPING_NAMES.get(name, name): value for name, value in columns.items()}


def load_csv(path: Path) -> Directory:
    """Read a "Download users" export of the Entra portal, plus any extra columns, into a new Directory.

    `manager` may name an objectId or a userPrincipalName. Raises ValueError when a row has no objectId, or a
    manager who is not in the file.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    directory = Directory()
    for number, row in enumerate(rows, start=2):
        object_id = next((row[column] for column in OBJECT_ID_COLUMNS if row.get(column)), "")
        if not object_id:
            raise ValueError(f"{path.name}, row {number}: no objectId")
        directory.put(
            User(
                object_id=object_id,
                attributes=mapped({k: v for k, v in row.items() if k not in OWN_COLUMNS and v}),
                user_type=row.get("userType") or "Member",
                account_enabled=(row.get("accountEnabled") or "True").casefold() == "true",
            )
        )
    upns = {user.get("userPrincipalName"): user.object_id for user in directory}
    for user, row in zip(list(directory), rows, strict=True):
        if manager := row.get("manager"):
            manager_id = manager if manager in directory.users else upns.get(manager)
            if manager_id is None:
                raise ValueError(f"{path.name}: manager {manager} is not in the file")
            directory.set_manager(user.object_id, manager_id)
    return directory
