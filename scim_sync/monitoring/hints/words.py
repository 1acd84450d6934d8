"""What a hint says: what was seen, what it means, and the line to change in Azure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from printmgmt.organizations.moments import write_day
from scim_sync.monitoring.hints.evidence import Sign
from scim_sync.monitoring.hints.kinds import HintKind

Text = str | Promise


@dataclass(frozen=True)
class Line:
    """A row of an attribute mapping in Azure: source, target, and the settings it must have."""

    source: str
    target: str
    settings: Text


@dataclass(frozen=True)
class Words:
    """The texts of one hint.

    ``saw`` takes how often and since when. ``where`` is the path of clicks in the Entra admin center, from
    the application on; names in it are Azure's own. ``line`` is the row to correct there, None where it is no
    row; ``then`` what to do besides.
    """

    title: Text
    saw: Callable[[int, datetime], str]
    means: Text
    where: tuple[Text, ...]
    line: Line | None
    then: Text


PROVISIONING: Final = _("Provisioning")
MAPPINGS: Final = (PROVISIONING, _("Mappings"))
USERS: Final = (*MAPPINGS, _("Provision Microsoft Entra ID Users"))
GROUPS: Final = (*MAPPINGS, _("Provision Microsoft Entra ID Groups"))
MEMBERS_LIST: Final = (*GROUPS, _("Show advanced options"), _("Edit attribute list for customappsso"))
AND_RESTART: Final = _("Save, then select Restart provisioning.")


def _created(count: int, since: datetime) -> str:
    return ngettext(
        "The last %(count)d person who was created arrived without “active”.",
        "The last %(count)d people who were created arrived without “active”.",
        count,
    ) % {"count": count}


def _deleted(count: int, since: datetime) -> str:
    return ngettext(
        "The last %(count)d person who left was deleted, not disabled first.",
        "The last %(count)d people who left were deleted, none of them disabled first.",
        count,
    ) % {"count": count}


def _whole(count: int, since: datetime) -> str:
    return ngettext(
        "%(count)d time, a change of a group listed people who were members already. Nobody was removed.",
        "%(count)d times, a change of a group listed people who were members already. Nobody was removed.",
        count,
    ) % {"count": count}


def _added(count: int, since: datetime) -> str:
    return ngettext(
        "%(count)d member was added to a group since %(day)s, and none was ever removed.",
        "%(count)d members were added to groups since %(day)s, and none was ever removed.",
        count,
    ) % {"count": count, "day": write_day(since)}


def _unknown(count: int, since: datetime) -> str:
    return ngettext(
        "%(count)d change of a group named members who are not here.",
        "%(count)d changes of groups named members who are not here.",
        count,
    ) % {"count": count}


def _early(count: int, since: datetime) -> str:
    return ngettext(
        "%(count)d group arrived in a sync before any person, and has no members.",
        "%(count)d groups arrived in a sync before any person, and have no members.",
        count,
    ) % {"count": count}


def _no_value(count: int, since: datetime) -> str:
    return ngettext(
        "%(count)d person was sent with the type of an address and without the address.",
        "%(count)d people were sent with the type of an address and without the address.",
        count,
    ) % {"count": count}


def _nested(count: int, since: datetime) -> str:
    return ngettext(
        "%(count)d group is a member of another group and has no members of its own here.",
        "%(count)d groups are members of other groups and have no members of their own here.",
        count,
    ) % {"count": count}


_ACTIVE: Final = Words(
    title=_("“active” is not mapped"),
    saw=_created,
    means=_(
        "Entra cannot say here that someone was disabled or unassigned. People who leave keep their access "
        "until Entra deletes them, usually 30 days later. Only applications without soft delete, such as "
        "some of the gallery, delete immediately; then access ends in time, and this hint can be dismissed."
    ),
    where=(*USERS, _("Add New Mapping")),
    line=Line(
        'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
        "active",
        _("Mapping type: Expression. Apply this mapping: Always."),
    ),
    then=_(
        "Save, then select Restart provisioning. The hint goes away when the next person arrives or leaves "
        "with “active”."
    ),
)
_UNKNOWN: Final = Words(
    title=_("Groups arrive before their members"),
    saw=_unknown,
    means=_("These people are missing from the groups here, until Entra sends them again."),
    where=USERS,
    line=Line("members", "members", _("Mapping type: Direct. Type in the attribute list: Reference.")),
    then=_(
        "Set Enabled to Yes for users as well as for groups, and assign the members to the application. Then "
        "select Restart provisioning, so that Entra sends the members again."
    ),
)
_EARLY: Final = Words(
    title=_UNKNOWN.title,
    saw=_early,
    means=_(
        "Entra leaves out members who were not provisioned yet, and does not send them by itself when they "
        "arrive later."
    ),
    where=USERS,
    line=None,
    then=_UNKNOWN.then,
)
WORDS: Final[dict[HintKind, Words]] = {
    HintKind.ACTIVE: _ACTIVE,
    HintKind.WHOLE_LISTS: Words(
        title=_("Removals of members do not arrive"),
        saw=_whole,
        means=_(
            "Someone who is removed from a group in Entra stays in the group here. Their account and their "
            "leaving are not affected."
        ),
        where=MEMBERS_LIST,
        line=Line(
            "members",
            "members",
            _("Type: Reference. Multi-value: on. Referenced Object Attribute: urn:…:2.0:User selected."),
        ),
        then=_(
            "Save, then select Restart provisioning. If a connector of your own sends whole lists, choose "
            "“RFC 7644 behavior: replace the whole list” in the add-on's settings instead."
        ),
    ),
    HintKind.NEVER_REMOVED: Words(
        title=_("No member was ever removed from a group"),
        saw=_added,
        means=_(
            "This is fine if nobody was removed from a group in Entra. If someone was, they are still in the "
            "group here."
        ),
        where=GROUPS,
        line=Line("members", "members", _("Apply this mapping: Always. Target Object Actions: Update on.")),
        then=_(
            "To try it, remove one person from a group in Entra. If they stay in it here, correct the line."
        ),
    ),
    HintKind.GROUPS_FIRST: _UNKNOWN,
    HintKind.NO_VALUE: Words(
        title=_("An address is mapped without “.value”"),
        saw=_no_value,
        means=_(
            "People are created without it. Without a work email, someone who also administers this console "
            "is not recognized when they leave, and console access has to be ended by hand."
        ),
        where=USERS,
        line=Line("mail", 'emails[type eq "work"].value', _("The target ends in .value, for phones, too.")),
        then=AND_RESTART,
    ),
    HintKind.NESTED: Words(
        title=_("A group in a group is empty"),
        saw=_nested,
        means=_(
            "Entra sends the people of an assigned group, not those of the groups in it. People who are only "
            "in the inner group do not arrive and cannot print."
        ),
        where=(_("Users and groups"), _("Add user/group")),
        line=None,
        then=_("Assign the inner group, too. If it is meant to be empty, dismiss this hint."),
    ),
}
_BY_SIGN: Final[dict[str, Words]] = {
    Sign.DELETED_WHILE_ACTIVE: Words(
        _ACTIVE.title, _deleted, _ACTIVE.means, _ACTIVE.where, _ACTIVE.line, _ACTIVE.then
    ),
    "groups-before-people": _EARLY,
}


def words_of(kind: HintKind, sign: str) -> Words:
    """The words of a hint that a sign proves."""
    return _BY_SIGN.get(sign, WORDS[kind])
