"""The queues, the organizations and the people of the proof."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.outside.cups import NULL, PrivateCups
from tests.outside.site import Person, Site
from tests.outside.table import Table

WAITING, RUNNING, ASIDE = "follow-me", "hall", "aside"  # the first and the last are stopped
TEAM = "team"  # only for some people; beside it, each leaver has a queue for no one else


@dataclass
class Kind:
    """A way to leave: who does, whose name is similar, and what the directory sends."""

    title: str
    site: Site
    leaver: Person
    namesake: Person
    leave: Callable[[Person], object]
    come_back: Callable[[Person], object]


def add_queues(cups: PrivateCups) -> None:
    """Make the queues."""
    cups.add_queue(WAITING, NULL, stopped=True)
    cups.add_queue(RUNNING, NULL)
    cups.add_queue(ASIDE, NULL, stopped=True)
    cups.add_queue(TEAM, NULL, allowed=("ada", "adam", "ben", "benno", "eva", "evan"))
    for name in ("ada", "ben", "eva"):
        cups.add_queue(own_queue(name), NULL, allowed=(name,))


def own_queue(name: str) -> str:
    """Return the queue that is for the person with this local part only."""
    return f"{name}s-own"


def set_up(table: Table, cups: PrivateCups, sites: tuple[Site, Site]) -> list[Kind]:
    """Make both organizations with their people, who all can print, and some administer the console, too."""
    contoso, fabrikam = sites
    names = {contoso.title: ("stella", "ada", "adam", "ben", "benno"), fabrikam.title: ("eva", "evan")}

    run_each = contoso.console.run_each
    made = run_each(*contoso.to_set_up(cups), *fabrikam.to_set_up(cups))
    for site, answers in ((contoso, made[:3]), (fabrikam, made[3:])):
        site.is_set_up(*(line for (line,) in answers))
        for number, name in enumerate(names[site.title]):
            person = Person(
                f"{name}@{site.domain}", f"04{len(site.title):02d}{number:02d}CAFE", f"471{number}"
            )
            person.id = site.create(person)["id"]
            site.people[name] = person
    _round, *made = run_each(("print_round",), *contoso.to_equip(RUNNING), *fabrikam.to_equip(RUNNING))
    for site, (devices, (station,)) in ((contoso, made[:2]), (fabrikam, made[2:])):
        site.is_equipped(devices, station)
    for site, leavers in ((contoso, ("ada", "ben")), (fabrikam, ("eva",))):
        for name in leavers:
            site.invite(site.people[name])
    table.title("Before anyone leaves")
    for site in sites:
        for person in site.people.values():
            seen = [site.shows_card(person), site.types_pin(person), site.uses_device(person)]
            table.line(f"{person.name}: card, PIN, device", "accepted", " ".join(sorted(set(seen))))
    people = contoso.people
    return [
        Kind(
            *("active=false", contoso, people["ada"], people["adam"]),
            leave=lambda person: contoso.set_active(person, active=False),
            come_back=lambda person: contoso.set_active(person, active=True),
        ),
        Kind(*("DELETE", contoso, people["ben"], people["benno"]), contoso.delete, contoso.create),
        Kind(
            *("DELETE of the three-attribute mapping", fabrikam),
            *(fabrikam.people["eva"], fabrikam.people["evan"]),
            fabrikam.delete,
            fabrikam.create,
        ),
    ]
