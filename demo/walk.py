"""The demo of one customer: adds the add-on, syncs people, lets some leave and return, checks results."""

from dataclasses import dataclass
from pathlib import Path

from demo import seen
from demo.badges import Badges
from demo.changes import ACTS, CONTRACTORS, EQUIPPED, Change, What
from demo.commands import Commands
from demo.cupsd import PrivateCups
from demo.ending import end_one_run
from demo.expected import DEFAULT_COLUMNS, GALLERY_COLUMNS, Columns, expected_states, read_people
from demo.leavers import Leavers, wait_for_runs
from demo.paper import Paper
from demo.print_room import PrintRoom
from demo.screen import Screen
from demo.verdict import Verdict
from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import Directory, load_csv
from scim_sync.rehearsal.job import Job
from scim_sync.rehearsal.mappings import DEFAULT, GALLERY, Mapping
from scim_sync.rehearsal.scoping import NotEquals

PEOPLE = Path(__file__).with_name("people.csv")
ADDON = "azure-ad-user-sync"
CYCLES = ("initial cycle", "changes, leavers", "coming back")


@dataclass(frozen=True)
class Customer:
    """An organization of the demonstration and the mapping its Entra uses."""

    name: str
    owner: str
    title: str  # of the mapping
    mapping: Mapping
    columns: Columns
    prints: bool = False


CUSTOMERS = (
    Customer("Contoso", "ada@contoso.example", "default", DEFAULT, DEFAULT_COLUMNS, prints=True),
    Customer("Fabrikam", "grace@fabrikam.example", "gallery", GALLERY, GALLERY_COLUMNS),
)


@dataclass
class Outcome:
    """The results of one customer. `is_as_expected` is the verdict."""

    customer: Customer
    sign_in_url: str
    verdict: Verdict
    leavers: Leavers
    paper: Paper | None
    is_as_expected: bool


def walk(customer: Customer, commands: Commands, screen: Screen, cups: PrivateCups | None) -> Outcome:
    """Run one customer through the three acts, and print the progress. Without ``cups`` nobody prints."""
    screen.title(f"{customer.name}, {customer.title} mapping")
    made = commands.line("create_organization", customer.name, "--owner", customer.owner)
    slug = made["organization"]
    installed = commands.line("install_addon", ADDON, "--organization", slug)
    tenant_url, token = installed["tenant_url"], installed["token"]
    screen.done(f"organization {slug}, add-on installed: {tenant_url}")

    rows = read_people(PEOPLE)
    states = expected_states(rows, ACTS, customer.columns, soft_delete=customer.mapping.soft_delete)
    object_ids = {row["userPrincipalName"]: row["id"] for row in rows}
    verdict = Verdict()
    misjudged = 0
    badges = Badges(commands, slug, [object_ids[upn] for upn in EQUIPPED], verdict.ids)
    paper = Paper(PrintRoom(cups, commands, slug), badges, object_ids, screen) if cups else None
    if paper:
        paper.begin()
    directory = load_csv(PEOPLE)
    with Client(tenant_url, token) as client:
        clauses = (NotEquals("department", CONTRACTORS),)
        job = Job(directory, client, customer.mapping, clauses=clauses)
        job.test_connection()
        screen.done("Test Connection")
        for number, (act, name) in enumerate(zip(ACTS, CYCLES, strict=True)):
            apply(directory, act, object_ids)
            with screen.bar(name) as progress:
                (job.incremental_cycle if number else job.initial_cycle)(progress)
            verdict.look(states[number], seen.everyone(tenant_url, token))
            if number == 0:
                badges.give_out(states[number])
            badges.try_all(states[number])
            misjudged += len(badges.wrong)
            screen.check(
                f"cards, PINs and devices tried: {badges.accepted} accepted, {badges.refused} refused",
                badges.wrong,
            )
            if paper:
                paper.act(number, states[number])
    for failure in job.log.failures():
        screen.error(f"the server refused {failure.name}: {failure.code} {failure.reason}")
    screen.check("everybody as the directory says, seen over SCIM GET", verdict.problems)
    leavers = wait_for_runs(commands, slug, states, verdict.ids)
    screen.check(f"{len(leavers.runs)} leavers' runs", leavers.wrong)
    if paper:
        paper.look_at_holds()
        end_one_run(paper, commands, leavers.runs)
        leavers = wait_for_runs(commands, slug, states, verdict.ids)
    wrong = [*verdict.problems, *leavers.wrong, *(paper.wrong if paper else ())]
    cells = verdict.rows() + (paper.rows() if paper else [])
    is_as_expected = not (misjudged or wrong) and all(got == expected for _, got, expected in cells)
    return Outcome(customer, made["sign_in_url"], verdict, leavers, paper, is_as_expected)


def apply(directory: Directory, act: tuple[Change, ...], ids: dict[str, str]) -> None:
    """Apply an act to the rehearsal's directory; `ids` are objectIds by the file's userPrincipalName."""
    for change in act:
        who = ids[change.who]
        match change.what:
            case What.EDIT:
                values = dict(change.values)
                if manager := values.pop("manager", ""):
                    directory.set_manager(who, ids[manager])
                if values:
                    directory.edit(who, **values)
            case What.ASSIGN | What.UNASSIGN:
                directory.assign(who, assigned=change.what is What.ASSIGN)
            case What.ENABLE | What.DISABLE:
                directory.enable(who, enabled=change.what is What.ENABLE)
            case What.DELETE:
                directory.delete(who)
            case What.RESTORE:
                directory.restore(who)
            case What.PURGE:
                directory.purge(who)
