"""What the invented people print, and who collects it; people.csv's userPrincipalName says who."""

from dataclasses import dataclass

from demo.changes import DOMAIN

# The first queue is stopped and holds what is sent to it; a station stands beside the second.
FOLLOW_ME, FRONT_DESK, WORKSHOP = QUEUES = ("follow-me", "front-desk", "workshop")


@dataclass(frozen=True)
class Job:
    """One job. ``owner`` is the name the computer states: of ``who``, or of someone nobody knows ("")."""

    who: str
    title: str
    owner: str
    queue: str = FOLLOW_ME


def job(person: str, title: str, *, owner: str = "", queue: str = FOLLOW_ME) -> Job:
    return Job(person + DOMAIN, title, (owner or person) + DOMAIN, queue)


# All are sent after the initial cycle, before anyone leaves.
JOBS = (
    job("ada", "Wall calendar"),
    job("GRETA.Großkopf", "Safety rules", owner="greta.großkopf"),
    job("nadia.alsahrawi", "Delivery notes"),
    job("mia.tulp", "Invitation", queue=WORKSHOP),
    job("ışıl.ığdır", "Offer 17"),  # has another name before she collects it
    job("hedda.hogsjo", "Client list"),  # is suspended
    job("pia+print", "Address book"),  # is deleted for good
    job("o'malley.finn", "Rota"),  # is suspended and comes back
    Job("", "Poster", "visitor"),
)

# One shows a card at the station, the other types a name and a PIN.
BY_CARD, BY_PIN = COLLECTED = ("ada" + DOMAIN, "GRETA.Großkopf" + DOMAIN)

# Is deleted for good: the run is approved before its time.
CANCELED = "pia+print" + DOMAIN

# Has a job waiting to the end, to be collected by those who watch the demonstration.
COLLECTS_LATER = "nadia.alsahrawi" + DOMAIN
