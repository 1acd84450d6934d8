"""The six ways in which Debian's stock policy lets the owner of a held job print it all the same."""

import time

from tests.outside.cups import PrivateCups

# Closes all six: docs/printing.md, The block. Copied here, since this test imports nothing of the console.
BLOCK = """\
  <Limit Hold-Job Release-Job Restart-Job Set-Job-Attributes CUPS-Move-Job CUPS-Authenticate-Job>
    AuthType Default
    Require user @SYSTEM
    Order deny,allow
  </Limit>
"""

WAYS = (
    "Release-Job",
    "Set-Job-Attributes",
    "Hold-Job with a time",
    "CUPS-Authenticate-Job",
    "CUPS-Move-Job",
    "Restart-Job",
)


def print_for_each(cups: PrivateCups, queue: str, owner: str) -> dict[str, int]:
    """Print a job for each of the ways; return their numbers."""
    return {way: cups.lp(queue, owner) for way in WAYS}


def try_as_owner(cups: PrivateCups, jobs: dict[str, int], owner: str, *, aside: str) -> dict[str, str]:
    """Try each way on its job, claiming the owner's name; return "undone" or "refused" for each.

    ``aside`` is a queue to move a job to. Restart-Job is tried on a job that its owner cancels first, which
    owners may.
    """
    soon = time.strftime("%H:%M:%S", time.gmtime(time.time() + 3))
    move = f"ATTR uri job-printer-uri ipp://{cups.host}/printers/{aside}"
    requests: dict[str, tuple[str, ...]] = {
        "Release-Job": ("Release-Job",),
        "Set-Job-Attributes": (
            "Set-Job-Attributes",
            "GROUP job-attributes-tag",
            "ATTR keyword job-hold-until no-hold",
        ),
        "Hold-Job with a time": ("Hold-Job", f"ATTR name job-hold-until {soon}"),
        "CUPS-Authenticate-Job": (
            "CUPS-Authenticate-Job",
            "GROUP job-attributes-tag",
            'ATTR text auth-info "anyone","anything"',
        ),
        "CUPS-Move-Job": ("CUPS-Move-Job", "GROUP job-attributes-tag", move),
        "Restart-Job": ("Restart-Job",),
    }
    outcome = {}
    for way, (operation, *lines) in requests.items():
        before = held_at(cups, jobs[way])
        if way == "Restart-Job":
            cups.ask("Cancel-Job", job=jobs[way], user=owner)
            before = held_at(cups, jobs[way])
        answer = cups.ask(operation, *lines, job=jobs[way], user=owner)["StatusCode"]
        changed = held_at(cups, jobs[way]) != before
        accepted = answer.startswith("successful-")
        outcome[way] = {(True, True): "undone", (False, False): "refused"}.get(
            (accepted, changed), f"{answer}, {'changed' if changed else 'unchanged'}"
        )
    return outcome


def held_at(cups: PrivateCups, number: int) -> tuple[object, ...]:
    """Return what has to stay the same about a held job: its state, until when, and at which queue."""
    job = cups.job(number)
    queue = str(job.get("job-printer-uri", "")).rpartition("/")[2]
    return job.get("job-state"), job.get("job-hold-until"), queue
