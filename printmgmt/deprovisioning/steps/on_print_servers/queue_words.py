"""The sentences about queues closed to a leaver: queues by name, the leaver's names as a number."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def _listed(queues: list[str]) -> str:
    return get_text_list(queues, _("and"))


def closed_words(closed: Mapping[str, Any]) -> Iterator[str]:
    if not closed["queues"]:
        yield _("The print server has no queue to close.")
        return
    yield ngettext(
        "New jobs under %(count)d name of this person are refused at: %(queues)s.",
        "New jobs under %(count)d names of this person are refused at: %(queues)s.",
        closed["names"],
    ) % {"count": closed["names"], "queues": _listed(closed["queues"])}
    yield _("Without a login, the print server believes the name that a computer states.")


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
    yield _("Classes were not closed: %(queues)s.") % {"queues": _listed(queues)}


def tried_words(tried: Mapping[str, int]) -> Iterator[str]:
    if tried["refused"]:
        yield ngettext(
            "Tried under these names: %(count)d empty job was refused.",
            "Tried under these names: %(count)d empty jobs were refused.",
            tried["refused"],
        ) % {"count": tried["refused"]}
    if tried["unknown"]:
        yield ngettext(
            "%(count)d trial told nothing: the queue asks for a password or takes no jobs from here.",
            "%(count)d trials told nothing: the queues ask for a password or take no jobs from here.",
            tried["unknown"],
        ) % {"count": tried["unknown"]}


def opened_words(opened: Mapping[str, Any]) -> Iterator[str]:
    if opened["queues"]:
        yield _("No longer refused at: %(queues)s.") % {"queues": _listed(opened["queues"])}
