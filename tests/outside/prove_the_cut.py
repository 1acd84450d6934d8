"""`python -m tests.outside.prove_the_cut`: proves from outside that leaving ends access and holds jobs.

It starts a console on an empty data folder and a CUPS server of its own, and uses them as their clients do:
SCIM over HTTP, `lp`, `ipptool`, the station API, a browser. It imports nothing of the console. Each line has
what is expected and what was seen, and effects the seconds since the request. Exit code 1: a line differs.
"""

import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from tests.outside.console import Console
from tests.outside.cups import NULL, PrivateCups
from tests.outside.site import Person, Run, Site
from tests.outside.six_ways import BLOCK, WAYS, held_at, print_for_each, try_as_owner
from tests.outside.table import Table

WAITING, RUNNING, ASIDE = "follow-me", "hall", "aside"  # the first and the last are stopped
WITHIN = 60.0  # seconds in which jobs have to be held, also where ten other programs share the machine
LATER = "second-shift" if time.localtime().tm_hour < 16 else "third-shift"  # prints by itself, not now
CLAIMED = "This server believes the name a client states."

PENDING, HELD, COMPLETED = 3, 4, 9  # job-state


@dataclass
class Kind:
    """A way to leave: who does, whose name is similar, and what the directory sends."""

    title: str
    site: Site
    leaver: Person
    namesake: Person
    leave: Callable[[Person], object]
    come_back: Callable[[Person], object]


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what it started ends with it
    table = Table()
    began = time.monotonic()
    with ExitStack() as stack:
        cups = stack.enter_context(PrivateCups())
        cups.add_queue(WAITING, NULL, stopped=True)
        cups.add_queue(RUNNING, NULL)
        cups.add_queue(ASIDE, NULL, stopped=True)
        console = stack.enter_context(Console())
        contoso = Site(console, "Contoso", "contoso.example")
        fabrikam = Site(console, "Fabrikam", "fabrikam.example", three_attributes=True)
        kinds = set_up(table, cups, (contoso, fabrikam))
        stella = contoso.people["stella"]
        stock_policy(table, cups, contoso, stella)
        the_block(table, cups, (contoso, fabrikam), stella)
        for kind in kinds:
            the_cut(table, cups, kind)
        for site in (contoso, fabrikam):
            site.identify.end()
    print(f"{time.monotonic() - began:.0f} s")
    return table.verdict()


def set_up(table: Table, cups: PrivateCups, sites: tuple[Site, Site]) -> list[Kind]:
    """Make both organizations with their people, who all can print, and some administer the console, too."""
    contoso, fabrikam = sites
    for site, names in ((contoso, ("stella", "ada", "adam", "ben", "benno")), (fabrikam, ("eva", "evan"))):
        site.set_up(cups)
        for number, name in enumerate(names):
            person = Person(
                f"{name}@{site.domain}", f"04{len(site.title):02d}{number:02d}CAFE", f"471{number}"
            )
            person.id = site.create(person)["id"]
            site.people[name] = person
        site.enrol()
    contoso.console.lines("print_round")
    for site, leavers in ((contoso, ("ada", "ben")), (fabrikam, ("eva",))):
        site.add_station(RUNNING)
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


def stock_policy(table: Table, cups: PrivateCups, site: Site, leaver: Person) -> None:
    """Show that the stock policy lets a leaver undo a hold in six ways, and that the console says so."""
    table.title("Debian's stock policy: the owner of a held job can print it all the same")
    table.line("the test of the server finds it", True, "hold-undone" in site.unsafe)
    jobs = print_for_each(cups, WAITING, leaver.name)
    site.set_active(leaver, active=False)
    run = site.wait_for_run(leaver, "Needs attention")
    table.line("the leaver's run", "Needs attention", run.state)
    table.line("all six jobs held", "held", held(cups, jobs.values()))
    text = run.text
    for words in (
        "release it",
        "change its settings",
        "hold it until a time",
        "start it",
        "move it",
        "print it",
    ):
        table.line(f"the run's page names: {words}", True, words in text)
    table.line("the run's page says that names are claimed", True, CLAIMED in text)
    block_shown = (
        "CUPS-Authenticate-Job" in site.owner.get(f"/o/{site.slug}/print-servers/{site.server}/").text
    )
    table.line("the server's page has the block", True, block_shown)
    for way, seen in try_as_owner(cups, jobs, leaver.name, aside=ASIDE).items():
        table.line(f"{way}, as the leaver", "undone", seen)


def the_block(table: Table, cups: PrivateCups, sites: tuple[Site, ...], leaver: Person) -> None:
    """Show that with the block, and the server tested again, none of the six ways is left."""
    table.title("With the block in <Policy default>")
    cups.put_first_in_policy(BLOCK)
    for site in sites:
        site.test_server()
    site = sites[0]
    run = site.wait_for_run(leaver, "In restore period")
    table.line("the leaver's run, after Test", "In restore period", run.state)
    table.line("its page says so", True, "Only an operator with the password" in run.text)
    # What was undone before is held again by the retried step; new jobs stand for those that are gone.
    jobs = {way: cups.lp(WAITING, leaver.name, "-H", "indefinite") for way in WAYS}
    for way, seen in try_as_owner(cups, jobs, leaver.name, aside=ASIDE).items():
        table.line(f"{way}, as the leaver", "refused", seen)


def the_cut(table: Table, cups: PrivateCups, kind: Kind) -> None:
    """One person leaves and comes back; someone with a similar name stays."""
    site, leaver = kind.site, kind.leaver
    jobs = {
        "waiting": cups.lp(WAITING, leaver.name),
        "waiting for a time": cups.lp(WAITING, leaver.name, "-H", LATER),
        "held by its owner": cups.lp(WAITING, leaver.name, "-H", "indefinite"),
    }
    before = {name: held_at(cups, number) for name, number in jobs.items()}
    namesakes = cups.lp(WAITING, kind.namesake.name)
    table.title(f"{kind.title}: {leaver.name} leaves")
    table.line("console session, before", "accepted", site.opens_console(leaver))

    sent = time.monotonic()
    kind.leave(leaver)
    answered = time.monotonic() - sent
    table.line("the directory's request is answered", "2xx", "2xx", answered)
    for what, does in (
        ("card at the station", site.shows_card),
        ("user name and PIN at the station", site.types_pin),
        ("device token", site.uses_device),
        ("console session", site.opens_console),
    ):
        table.line(what, "refused", does(leaver), time.monotonic() - sent)
    while (seen := held(cups, jobs.values())) != "held" and time.monotonic() - sent < WITHIN:
        time.sleep(0.1)
    table.line("all waiting jobs", "held", seen, time.monotonic() - sent)

    run = site.wait_for_run(leaver, "In restore period")
    table.line("the run", "In restore period", run.state)
    table.line("its page has the seconds after the request", True, "s after the request" in run.text)
    table.line("its page says that names are claimed", True, CLAIMED in run.text)
    the_receipt(table, site, run, answered)

    namesake = kind.namesake
    table.line(f"{namesake.name}: waiting job", PENDING, cups.job(namesakes)["job-state"])
    table.line(f"{namesake.name}: prints", COMPLETED, printed(cups, cups.lp(RUNNING, namesake.name)))
    table.line(f"{namesake.name}: card", "accepted", site.shows_card(namesake))

    table.title(f"{kind.title}: {leaver.name} comes back")
    sent = time.monotonic()
    answer = kind.come_back(leaver)
    table.line("the same person to the directory", leaver.id, answer["id"], time.monotonic() - sent)
    table.line("card at the station", "accepted", site.shows_card(leaver), time.monotonic() - sent)
    table.line("user name and PIN", "accepted", site.types_pin(leaver), time.monotonic() - sent)
    table.line("device token: signed out for good", "refused", site.uses_device(leaver))
    table.line("console session: an owner decides", "refused", site.opens_console(leaver))
    now = dict.fromkeys(jobs, ())
    while now != before and time.monotonic() - sent < WITHIN:
        now = {name: held_at(cups, number) for name, number in jobs.items()}
        time.sleep(0.1)
    for name, state in before.items():
        table.line(f"job, {name}", state, now[name], time.monotonic() - sent)
    table.line("the run", "Restored", site.wait_for_run(leaver, "Restored").state)


def the_receipt(table: Table, site: Site, run: Run, answered: float) -> None:
    """Download the receipt of a run, verify it, and compare its seconds with ours."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        file.write(site.receipt(run))
        file.flush()
        done = site.console.run("verify_receipt", file.name)
        with open(file.name, encoding="utf-8") as text:
            body = json.load(text)[-1]["body"]
    table.line("manage.py verify_receipt", 0, done.returncode)
    cut = body["cut_after_ms"] / 1000
    table.line("the receipt: access ended before the answer", True, cut <= answered, cut)
    for step in body["steps"]:
        if step["step"] == "hold-jobs":
            seconds = step["done_after_ms"] / 1000
            table.line("the receipt: waiting jobs held", "done", step["state"], seconds)


def held(cups: PrivateCups, numbers: Iterable[int]) -> str:
    """Return "held" if all these jobs wait until someone releases them, else how many do not."""
    states = [held_at(cups, number)[:2] for number in numbers]
    open_ones = [state for state in states if state != (HELD, "indefinite")]
    return "held" if not open_ones else f"{len(open_ones)} not held"


def printed(cups: PrivateCups, number: int, within: float = 20) -> object:
    """Return the state of a job once it is over; 0 if it was refused."""
    deadline = time.monotonic() + within
    while number and cups.job(number).get("job-state", 0) < 7 and time.monotonic() < deadline:
        time.sleep(0.1)
    return cups.job(number).get("job-state") if number else 0


if __name__ == "__main__":
    sys.exit(main())
