"""One person leaves and comes back: what is refused and held, how soon, and what is given back."""

import json
import tempfile
import time

from tests.outside.cups import PrivateCups
from tests.outside.holds import CLAIMED, held
from tests.outside.setting import RUNNING, TEAM, WAITING, Kind, own_queue
from tests.outside.site import Run, Site
from tests.outside.six_ways import held_at
from tests.outside.table import Table

WITHIN = 60.0  # seconds in which jobs have to be held, also where ten other programs share the machine
LATER = "second-shift" if time.localtime().tm_hour < 16 else "third-shift"  # prints by itself, not now
PENDING, COMPLETED = 3, 9  # job-state


def the_cut(table: Table, cups: PrivateCups, kind: Kind) -> None:
    """Let one person leave and come back, while someone with a similar name stays."""
    site, leaver = kind.site, kind.leaver
    jobs = {
        "waiting": cups.lp(WAITING, leaver.name),
        "waiting for a time": cups.lp(WAITING, leaver.name, "-H", LATER),
        "held by its owner": cups.lp(WAITING, leaver.name, "-H", "indefinite"),
    }
    before = {name: held_at(cups, number) for name, number in jobs.items()}
    local_part = leaver.name.partition("@")[0]
    own = own_queue(local_part)
    lists = {queue: cups.names_of(queue) for queue in (WAITING, RUNNING, TEAM, own)}
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
    in_time = {"held": 0.0, "closed": 0.0}
    while not all(in_time.values()) and time.monotonic() - sent < WITHIN:
        now = {
            "held": held(cups, jobs.values()) == "held",
            "closed": local_part in cups.names_of(RUNNING).get("denied", ()),
        }
        in_time |= {what: time.monotonic() - sent for what in now if now[what] and not in_time[what]}
        time.sleep(0.1)
    table.line("all waiting jobs", "held", held(cups, jobs.values()), in_time["held"])
    for queue in (WAITING, RUNNING, TEAM, own):
        for name in (leaver.name, local_part, leaver.name.upper()):
            table.line(f"lp -d {queue} -U {name}", "refused", tried(cups, queue, name), in_time["closed"])

    run = site.wait_for_run(leaver, "In restore period")
    table.line("the run", "In restore period", run.state)
    table.line("its page has the seconds after the request", True, "s after the request" in run.text)
    table.line("its page says that names are claimed", True, CLAIMED in run.text)
    the_receipt(table, site, run, answered)

    namesake = kind.namesake
    table.line(f"{namesake.name}: waiting job", PENDING, cups.job(namesakes)["job-state"])
    table.line(f"{namesake.name}: prints at {RUNNING}", "printed", tried(cups, RUNNING, namesake.name))
    table.line(f"{namesake.name}: prints at {TEAM}", "printed", tried(cups, TEAM, namesake.name))
    table.line(f"{namesake.name}: prints at {own}", "refused", tried(cups, own, namesake.name))
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
    for queue, names in lists.items():
        while cups.names_of(queue) != names and time.monotonic() - sent < WITHIN:
            time.sleep(0.1)
        table.line(f"list of {queue}", names, cups.names_of(queue), time.monotonic() - sent)
    for queue in (RUNNING, TEAM, own):
        table.line(f"lp -d {queue} -U {leaver.name}", "printed", tried(cups, queue, leaver.name))
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
        if step["step"] in ("end-device-connections", "close-queues", "hold-jobs"):
            seconds = (step["done_after_ms"] or 0) / 1000
            table.line(f"the receipt: {step['step']}", "done", step["state"], seconds)


def tried(cups: PrivateCups, queue: str, name: str, within: float = 20) -> str:
    """Print as someone; return "printed", "refused", or "waiting" if the job is not over."""
    number = cups.lp(queue, name)
    if not number:
        return "refused"
    deadline = time.monotonic() + within
    while cups.job(number)["job-state"] != COMPLETED:
        if time.monotonic() > deadline:
            return "waiting"
        time.sleep(0.1)
    return "printed"
