"""Computes what the console must show after each act, only from people.csv and the scripted changes.

It implements the provisioning service a second time, so that it does not repeat errors of the rehearsal.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from demo.changes import CONTRACTORS, Change, What

Row = dict[str, str]
Shown = dict[str, str | bool]
State = dict[str, Shown | None]  # by objectId; None: the console does not show the person
Columns = Mapping[str, Callable[[Row], str]]


def user_name(row: Row) -> str:
    upn = row["userPrincipalName"]
    return upn.split("#EXT#")[0] if row["userType"] == "Guest" else upn


# What is compared, by the flat names of `seen.FIELDS`.
GALLERY_COLUMNS: Columns = {
    "userName": user_name,
    "displayName": lambda row: row["displayName"],
    "work e-mail": lambda row: row["mail"],
}
DEFAULT_COLUMNS: Columns = {
    **GALLERY_COLUMNS,
    "externalId": lambda row: row["mailNickname"],
    "title": lambda row: row["jobTitle"],
    "preferredLanguage": lambda row: row["preferredLanguage"],
    "given name": lambda row: row["givenName"],
    "family name": lambda row: row["surname"],
    "formatted name": lambda row: f"{row['givenName']} {row['surname']}".strip(),
    "office": lambda row: row["officeLocation"],
    "street": lambda row: row["streetAddress"],
    "city": lambda row: row["city"],
    "country": lambda row: row["country"],
    "work phone": lambda row: row["telephoneNumber"],
    "mobile phone": lambda row: row["mobilePhone"],
    "employee number": lambda row: row["employeeId"],
    "department": lambda row: row["department"],
}


@dataclass
class Person:
    """A row of the file and its state after the changes."""

    row: Row
    assigned: bool = True
    deleted: bool = False
    purged: bool = False
    managed: bool = True

    @property
    def in_scope(self) -> bool:
        return self.assigned and self.row["department"] not in ("", CONTRACTORS)

    @property
    def live(self) -> bool:
        return self.in_scope and self.row["accountEnabled"] == "True" and not self.deleted


def read_people(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected_states(
    rows: Sequence[Row], acts: Sequence[Iterable[Change]], columns: Columns, *, soft_delete: bool
) -> list[State]:
    """Return one State per act. The first cycle is about everyone, later ones about changed people."""
    people = {row["userPrincipalName"]: Person(dict(row)) for row in rows}
    ids = {upn: person.row["id"] for upn, person in people.items()}
    state: State = dict.fromkeys(ids.values())
    states = []
    for number, act in enumerate(acts):
        changed = set(people) if number == 0 else set()
        for change in act:
            happen(people[change.who], change)
            changed.add(change.who)
        before, state = state, dict(state)
        for upn in changed:
            person = people[upn]
            state[ids[upn]] = shown_after(person, before[ids[upn]], columns, soft_delete=soft_delete)
        if columns is DEFAULT_COLUMNS:
            for upn in changed:
                manager, shown = ids.get(people[upn].row["manager"]), state[ids[upn]]
                if people[upn].live and shown is not None and manager and state[manager] is not None:
                    state[ids[upn]] = {**shown, "manager": manager}
        states.append(state)
    return states


def happen(person: Person, change: Change) -> None:
    """Apply one change to a person."""
    match change.what:
        case What.EDIT:
            person.row |= change.values
        case What.ASSIGN | What.UNASSIGN:
            person.assigned = change.what is What.ASSIGN
        case What.ENABLE | What.DISABLE:
            person.row["accountEnabled"] = str(change.what is What.ENABLE)
        case What.DELETE | What.RESTORE:
            person.deleted = change.what is What.DELETE
        case What.PURGE:
            person.deleted = person.purged = True


def shown_after(person: Person, before: Shown | None, columns: Columns, *, soft_delete: bool) -> Shown | None:
    """Return what is shown after a cycle, given what was shown before."""
    if person.live:
        person.managed = True
        values = {name: column(person.row) for name, column in columns.items()}
        # An emptied value is not sent, so the old one stays.
        return {**(before or {}), **{name: value for name, value in values.items() if value}, "active": True}
    if before is None or not soft_delete:
        return None
    if person.purged:
        return None if person.managed else before
    if not person.in_scope:
        person.managed = False
    return {**before, "active": False}
