"""What a hold is worth: under Debian's stock policy the owner can undo it, with the block no longer."""

from collections.abc import Iterable

from tests.outside.cups import PrivateCups
from tests.outside.setting import ASIDE, WAITING
from tests.outside.site import Person, Site
from tests.outside.six_ways import BLOCK, held_at, print_for_each, try_as_owner
from tests.outside.table import Table

CLAIMED = "This server believes the name a client states"
HELD = 4  # job-state


def stock_policy(table: Table, cups: PrivateCups, site: Site, leaver: Person) -> dict[str, int]:
    """Show that the stock policy lets a leaver undo a hold in six ways, and that the console says so.

    Returns jobs that are held as well and were not tried, one for each way.
    """
    table.title("Debian's stock policy: the owner of a held job can print it all the same")
    table.line("the test of the server finds it", True, "hold-undone" in site.unsafe)
    jobs, kept = (print_for_each(cups, WAITING, leaver.name) for _ in range(2))
    site.set_active(leaver, active=False)
    run = site.wait_for_run(leaver, "Needs attention")
    table.line("the leaver's run", "Needs attention", run.state)
    table.line("all jobs held", "held", held(cups, (*jobs.values(), *kept.values())))
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
    return kept


def the_block(
    table: Table, cups: PrivateCups, sites: tuple[Site, ...], leaver: Person, jobs: dict[str, int]
) -> None:
    """Show that with the block, and the server tested again, none of the six ways is left."""
    table.title("With the block in <Policy default>")
    cups.put_first_in_policy(BLOCK)
    for site in sites:
        site.test_server()
    site = sites[0]
    run = site.wait_for_run(leaver, "In restore period")
    table.line("the leaver's run, after Test", "In restore period", run.state)
    table.line("its page says so", True, "Only an operator with the password" in run.text)
    for way, seen in try_as_owner(cups, jobs, leaver.name, aside=ASIDE).items():
        table.line(f"{way}, as the leaver", "refused", seen)


def held(cups: PrivateCups, numbers: Iterable[int]) -> str:
    """Return "held" if all these jobs wait until someone releases them, else how many do not."""
    states = [held_at(cups, number)[:2] for number in numbers]
    open_ones = [state for state in states if state != (HELD, "indefinite")]
    return "held" if not open_ones else f"{len(open_ones)} not held"
