"""Whose job it is. Two candidates or none: nobody's yet, and nothing is done to it.

A server says who submitted a job as a name. It is compared with the names of people in this order: the whole
name (a user name, or any other name a person prints under, such as ``CONTOSO\\ada``), the part before ``@``
if the organization's setting says so, and a longer name of which the server kept 32 bytes. What counts is
whose name it was when the job was submitted; a name that someone else has by now decides nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from printmgmt.organizations.models import Organization
from printmgmt.people.names import MAX_KEY_BYTES, NAME_LENGTH, is_storable, name_key
from printmgmt.printing.jobs.names import (
    Holding,
    Holdings,
    may_be_cut,
    names_cut_to,
    names_like,
    names_with_local_part,
)
from printmgmt.printing.models import OwnerDoubt

ANONYMOUS: Final = "anonymous"
"""What CUPS writes where a client named nobody."""


class Submission(NamedTuple):
    """What a server says of a job: every owner it names (none where it hides them), and when it came."""

    owners: Sequence[str]
    at: datetime | None


class Owner(NamedTuple):
    """Whose job it is: the id of a person, or why it is nobody's.

    ``text`` is the name to show, ``key`` the form to compare, empty where there is no one name.
    """

    text: str
    key: str
    person: UUID | None
    doubt: OwnerDoubt


def find_owners(organization: Organization, submissions: Sequence[Submission]) -> list[Owner]:
    """Return whose each job is, in the same order. At most three statements, however many jobs."""
    owners = [_read(submission.owners) for submission in submissions]
    for looked_for, holdings_of in _lookups(organization):
        asked = [place for place, owner in enumerate(owners) if _is_open(owner) and looked_for(owner.text)]
        holdings = holdings_of({owners[place].text for place in asked}) if asked else {}
        for place in asked:
            owner = owners[place]
            person, doubt = _decide(holdings.get(owner.key, []), submissions[place].at)
            owners[place] = owner._replace(person=person, doubt=doubt)
    return owners


def _lookups(
    organization: Organization,
) -> Iterable[tuple[Callable[[str], bool], Callable[[Iterable[str]], Holdings]]]:
    """Which names are looked up, and how; each lookup is for names that those before it do not know."""
    yield lambda text: True, lambda texts: names_like(organization, map(name_key, texts))
    if organization.match_local_part:
        yield (
            lambda text: "@" not in text,
            lambda texts: names_with_local_part(organization, map(name_key, texts)),
        )
    yield may_be_cut, lambda texts: names_cut_to(organization, texts)


def _is_open(owner: Owner) -> bool:
    return owner.doubt == OwnerDoubt.UNKNOWN and owner.key != ""


def _read(owners: Sequence[str]) -> Owner:
    """Return what the server says, before anyone is looked up: UNKNOWN where there is one name."""
    texts = [_storable(owner)[:NAME_LENGTH] for owner in owners]
    if not texts:
        return Owner("", "", None, OwnerDoubt.HIDDEN)
    if len(texts) > 1:
        # Also if they are the same: the one who sent the second one meant to pass for someone.
        return Owner(" / ".join(texts)[:NAME_LENGTH], "", None, OwnerDoubt.FORGED)
    text, key = texts[0], name_key(texts[0])
    if key.strip() in ("", ANONYMOUS):
        return Owner(text, "", None, OwnerDoubt.MISSING)
    if len(owners[0]) > NAME_LENGTH or len(key.encode()) > MAX_KEY_BYTES:
        key = ""  # longer than any name of a person
    return Owner(text, key, None, OwnerDoubt.UNKNOWN)


def _storable(text: str) -> str:
    if is_storable(text):
        return text
    return "".join(character if is_storable(character) else "\ufffd" for character in text)


def _decide(holdings: Sequence[Holding], at: datetime | None) -> tuple[UUID | None, OwnerDoubt]:
    """Return whose of these holders a job of ``at`` is, or why it is nobody's."""
    held = _held_at(holdings, at)
    current = {holding.person for holding in holdings if holding.is_current}
    if not held or all(holding.is_erased for holding in holdings if holding.person in held):
        return None, OwnerDoubt.UNKNOWN
    if len(held) > 1:
        return None, OwnerDoubt.REUSED if len(held & current) == 1 else OwnerDoubt.AMBIGUOUS
    if current - held:
        return None, OwnerDoubt.REUSED
    return held.pop(), OwnerDoubt.NONE


def _held_at(holdings: Sequence[Holding], at: datetime | None) -> set[UUID]:
    """Return whose name it was when the job was submitted; where that is not known, whose it ever was."""
    if at is None:
        return {holding.person for holding in holdings}
    held = {holding.person for holding in holdings if holding.covers(at)}
    if not held:
        # Nobody has had the name since: someone prints under the name of a leaver.
        held = {holding.person for holding in holdings if holding.is_left_over(at)}
    if not held:
        held = {holding.person for holding in holdings if holding.since > at and holding.is_older_than_known}
        if held:
            # Perhaps someone else still printed under a name that was no longer theirs.
            held |= {holding.person for holding in holdings if holding.since <= at}
    return held
