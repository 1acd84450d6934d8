"""People and the names they print under, groups, cards, PINs and devices."""

from printmgmt.people.models.alias import PrintAlias
from printmgmt.people.models.credential import LIVE_CREDENTIAL, Credential, CredentialKind
from printmgmt.people.models.device import Device
from printmgmt.people.models.group import (
    GroupMembership,
    GroupMembershipQuerySet,
    GroupNesting,
    GroupNestingQuerySet,
    PrintGroup,
    PrintGroupQuerySet,
)
from printmgmt.people.models.person import CONSOLE, PrintUser, PrintUserQuerySet
from printmgmt.people.models.review import ReviewAnswer, ReviewItem, ReviewKind, ReviewState
from printmgmt.people.models.state import ALLOWED, BLOCKED, LIVE_STATES, SHOWN_AS, PersonState, ShownState

__all__ = [
    "ALLOWED",
    "BLOCKED",
    "CONSOLE",
    "LIVE_CREDENTIAL",
    "LIVE_STATES",
    "SHOWN_AS",
    "Credential",
    "CredentialKind",
    "Device",
    "GroupMembership",
    "GroupMembershipQuerySet",
    "GroupNesting",
    "GroupNestingQuerySet",
    "PersonState",
    "PrintAlias",
    "PrintGroup",
    "PrintGroupQuerySet",
    "PrintUser",
    "PrintUserQuerySet",
    "ReviewAnswer",
    "ReviewItem",
    "ReviewKind",
    "ReviewState",
    "ShownState",
]
