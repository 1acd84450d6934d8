"""The sentences about queues closed to a leaver: queues by name, the leaver's names as a number."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def _listed(queues: Sequence[str], more: int = 0) -> str:
    others = [ngettext("%(count)d more", "%(count)d more", more) % {"count": more}] if more else []
    return get_text_list([*queues, *others], _("and"))


def headline(evidence: Mapping[str, Any], who: str) -> str:
    """Return what queues do under the names of ``who``, or of this person if blank; blank unless proven.

    A queue that refuses a name without asking for a password believes the name.
    """
    refused = evidence.get("tried", {}).get("refused", 0)
    if not refused or evidence.keys() & {"not_listed", "opened", "skipped"}:
        return ""
    said = (
        _("New jobs under %(who)s's names are refused.") % {"who": who}
        if who
        else _("New jobs under this person's names are refused.")
    )
    return " ".join([said, _("This server believes the name a client states.")])


def closed_words(closed: Mapping[str, Any]) -> Iterator[str]:
    if not closed["queues"]:
        yield _("The print server has no queue to close.")
        return
    yield ngettext(
        "%(count)d name is refused by the lists, %(seconds)s s after the request, at: %(queues)s.",
        "%(count)d names are refused by the lists, %(seconds)s s after the request, at: %(queues)s.",
        closed["names"],
    ) % {
        "count": closed["names"],
        "seconds": floatformat(closed["after_ms"] / 1000, 1),
        "queues": _listed(closed["queues"], closed["more"]),
    }


def not_listed_words(left_out: Mapping[str, int]) -> Iterator[str]:
    if count := left_out.get("shared", 0):
        yield ngettext(
            "%(count)d name was not refused, since someone else prints under it.",
            "%(count)d names were not refused, since someone else prints under them.",
            count,
        ) % {"count": count}
    if count := left_out.get("unsafe", 0):
        yield ngettext(
            "%(count)d name was not refused, since it is the operator's or means more than one person.",
            "%(count)d names were not refused, since they are the operator's or mean more than one person.",
            count,
        ) % {"count": count}


def lost_words(queues: list[str]) -> Iterator[str]:
    yield _("Names had disappeared from the list and were put back at: %(queues)s.") % {
        "queues": _listed(queues)
    }


def groups_words(queues: list[str]) -> Iterator[str]:
    yield _("The list names groups of the print server, whose members are not known here: %(queues)s.") % {
        "queues": _listed(queues)
    }


def classes_words(queues: list[str]) -> Iterator[str]:
    yield _("Classes are closed, too: %(queues)s.") % {"queues": _listed(queues)}


def unshared_words(queues: list[str]) -> Iterator[str]:
    yield _("Not shared with other computers, so not tried from here: %(queues)s.") % {
        "queues": _listed(queues)
    }


def unseen_words(_is_remote: bool) -> Iterator[str]:
    yield _("Queues that the print server shares with no other computer are not seen from here.")


def tried_words(tried: Mapping[str, int]) -> Iterator[str]:
    if tried["refused"]:
        yield ngettext(
            "Tried under these names: %(count)d empty job was refused.",
            "Tried under these names: %(count)d empty jobs were refused.",
            tried["refused"],
        ) % {"count": tried["refused"]}
    if tried["accepted"]:
        yield ngettext(
            "%(count)d empty job was accepted all the same: this server compares only the part before the "
            "@, and someone else has that, too.",
            "%(count)d empty jobs were accepted all the same: this server compares only the part before the "
            "@, and someone else has that, too.",
            tried["accepted"],
        ) % {"count": tried["accepted"]}
    if tried["unknown"]:
        yield ngettext(
            "%(count)d trial told nothing: the queue asks for a password or takes no jobs from here.",
            "%(count)d trials told nothing: the queues ask for a password or take no jobs from here.",
            tried["unknown"],
        ) % {"count": tried["unknown"]}


def opened_words(opened: Mapping[str, Any]) -> Iterator[str]:
    if opened["queues"]:
        yield _("No longer refused at: %(queues)s.") % {"queues": _listed(opened["queues"], opened["more"])}
