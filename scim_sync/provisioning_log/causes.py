"""Why a request was refused, or done only in part, and what to do about it: tables, in plain language.

The most exact row wins. Rows are looked up when a page is shown, so an event is
explained in the reader's language and by today's knowledge.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scim_sync.models import Action, ProvisioningEvent, Result
from scim_sync.provisioning_log.reasons import Reason

Text = str | Promise


@dataclass(frozen=True)
class Cause:
    """What happened and what to do about it, a sentence or two each.

    ``in_queue`` says that the review queue may ask about it.
    """

    what: Text
    fix: Text
    in_queue: bool = False


Row = tuple[int, str | None, Action | None]
"""Status, scimType, action; None stands for any."""

TABLE: Final[dict[Row, Cause]] = {
    (400, "invalidValue", None): Cause(
        _("A value is missing, malformed, too long, or of the wrong type; the answer names the attribute."),
        _("Correct the value in Entra, or the attribute's mapping under Provisioning › Mappings."),
    ),
    (400, "invalidPath", None): Cause(
        _("The mapping aims at an attribute that does not exist here."),
        _("Correct the target attribute; the mapping table on the add-on's page shows how it is spelt."),
    ),
    (400, "noTarget", None): Cause(
        _("The change is for a part of the person that is not there."),
        _("Restart provisioning in Entra, so that it sends the whole person again."),
    ),
    (400, "mutability", None): Cause(
        _("The directory tried to change what only this console may change, such as the id."),
        _("Take the attribute out of the mapping in Entra."),
    ),
    (400, "invalidSyntax", None): Cause(
        _("The body is not JSON, or not a SCIM message."),
        _("If the caller is Entra, try again later; a connector of your own must send RFC 7644 messages."),
    ),
    (400, "tooMany", None): Cause(
        _("The call asks for more than one answer may hold."),
        _("Send fewer operations in one call."),
    ),
    (401, None, None): Cause(
        _("The call came without a valid secret token."),
        _("Paste the current secret token into Azure, or rotate it if it is lost."),
    ),
    (403, None, Action.CREATE): Cause(
        _("No seat is free: the organization's limit of active people is reached."),
        _("Free a seat, have the limit raised, or assign fewer people. Entra tries again by itself."),
    ),
    (403, None, None): Cause(
        _("The change is not allowed here; the answer says why."),
        _("Follow what the answer says. Entra tries again by itself."),
    ),
    (404, None, Action.REMOVE): Cause(
        _("The person was removed before."),
        _("Nothing: Entra takes this for done."),
    ),
    (404, None, None): Cause(
        _("Entra knows a person here who was removed meanwhile, in this console or by a removal."),
        _("Nothing at first: Entra creates the person anew. If it repeats, restart provisioning."),
    ),
    (409, "uniqueness", Action.CREATE): Cause(
        _("Somebody here has this user name already."),
        _(
            "If it is the same person, approve the link in the review queue, or let people known already be"
            " linked in the settings; otherwise change one of the two user names."
        ),
        in_queue=True,
    ),
    (409, "uniqueness", None): Cause(
        _("The person would get a user name somebody else here has, or waits for a link to be approved."),
        _("Look into the review queue; otherwise change one of the two user names."),
        in_queue=True,
    ),
    (412, None, None): Cause(
        _("The person changed since the caller last read them."),
        _("Nothing: the caller reads again and repeats the change."),
    ),
    (413, None, None): Cause(
        _("The body is larger than this console takes."),
        _("Send fewer members or operations in one call."),
    ),
    (415, None, None): Cause(
        _("The body is not declared as JSON or SCIM."),
        _("A connector of your own must send Content-Type application/scim+json."),
    ),
}

OF_GROUPS: Final[dict[Row, Cause]] = {
    (400, "invalidValue", None): Cause(
        _("The group has no usable name, or a member is not known here; the answer names what is wrong."),
        _(
            "Give the group a name in Entra; provision its members, too, or let unknown members be left out"
            " in the settings. Entra tries again by itself."
        ),
    ),
    (404, None, Action.REMOVE): Cause(
        _("The group was deleted before."),
        _("Nothing: Entra takes this for done."),
    ),
    (404, None, None): Cause(
        _("Entra knows a group here that was deleted meanwhile."),
        _("Nothing at first: Entra creates the group anew. If it repeats, restart provisioning."),
    ),
    (409, "uniqueness", None): Cause(
        _("Another group here has this name."),
        _(
            "Change one of the two names. If it is the same group and was made in this console, let what is"
            " known already be linked in the settings."
        ),
    ),
    (412, None, None): Cause(
        _("The group changed since the caller last read it."),
        _("Nothing: the caller reads again and repeats the change."),
    ),
}

BY_REASON: Final[dict[Reason, Cause]] = {
    Reason.TOKEN_MISSING: Cause(
        _("no secret token"),
        _("Enter the secret token in Azure under Provisioning › Admin credentials."),
    ),
    Reason.TOKEN_MALFORMED: Cause(
        _("something that is no secret token"),
        _("Copy the whole secret token into Azure, without blanks or the word Bearer."),
    ),
    Reason.TOKEN_UNKNOWN: Cause(
        _("an unknown secret token"),
        _("Paste the current secret token into Azure, or rotate it if it is lost."),
    ),
    Reason.TOKEN_FOREIGN: Cause(
        _("a secret token of another installation"),
        _("Tenant URL and secret token are from two installations: copy both from one page."),
    ),
    Reason.TOKEN_EXPIRED: Cause(
        _("an expired secret token"),
        _("Rotate the token on the add-on's page and paste the new one into Azure."),
    ),
    Reason.TOKEN_REVOKED: Cause(
        _("a revoked secret token"),
        _("Paste the token that lives into Azure, or rotate for a new one."),
    ),
    Reason.PAUSED: Cause(
        _("the add-on is paused"),
        _("Resume the add-on in its settings. Entra tries again by itself."),
    ),
    Reason.UNINSTALLED: Cause(
        _("the add-on was uninstalled"),
        _("Add the add-on again and give Azure the new Tenant URL and token, or stop provisioning there."),
    ),
    Reason.LINKED_ALREADY: Cause(
        _("The directory keeps somebody with this user name here already."),
        _(
            "Look in Entra for a second person with this user name, and change one of the two. If there is"
            " only one, match people by userName in the mapping, so that Entra finds whom it has created."
        ),
    ),
    Reason.NAME_TAKEN: Cause(
        _("Somebody else here has this user name."),
        _("Change one of the two user names. Entra tries again by itself."),
    ),
    Reason.CARD_HELD: Cause(
        _("Somebody else holds the card, so it was not given. Everything else was done."),
        _("Decide in the review queue who gets it, or correct the card number in Entra."),
        in_queue=True,
    ),
    Reason.NOT_ACTIVE: Cause(
        _("The person is not active, so no card or PIN was set. Everything else was done."),
        _(
            "Nothing, if the person has left. Once they are active again, provision them on demand in Entra:"
            " then card and PIN are sent again."
        ),
    ),
    Reason.BLANK: Cause(
        _("The card number or PIN is blank, so it was not set. Everything else was done."),
        _("Correct the value in Entra, or the attribute's mapping under Provisioning › Mappings."),
    ),
    Reason.UNKNOWN_MEMBERS: Cause(
        _("Members who are not known here were left out. Everything else was done."),
        _(
            "Provision them, too, then restart provisioning in Entra, so that it sends the members again. If"
            " Entra shall try again by itself, let unknown members be refused in the settings."
        ),
    ),
}

REFUSED: Final = Cause(
    _("The call was refused; the answer says why."),
    _("Correct what the answer names. Entra tries again by itself."),
)
FAILED: Final = Cause(
    _("Something went wrong on our side. Nothing was changed."),
    _("Entra tries again by itself. If it repeats, give the request id to whoever runs this console."),
)


def explain(event: ProvisioningEvent) -> list[Cause]:
    """The causes of a warning, and the one of a refused or failed request; none for one that was done."""
    if event.result == Result.WARNING:
        return [BY_REASON[reason] for reason in _known(event.reasons)]
    if event.result not in (Result.REFUSED, Result.FAILED):
        return []
    return [
        cause_of(
            event.status, event.scim_type, event.action, reasons=event.reasons, of_group=event.is_of_group
        )
    ]


def cause_of(
    status: int, scim_type: str, action: str, *, reasons: Iterable[str] = (), of_group: bool = False
) -> Cause:
    """The cause of the first known reason, if there is one, else of the most exact row for an answer.

    For a group its own rows come before those of people.
    """
    for reason in _known(reasons):
        return BY_REASON[reason]
    for table in (OF_GROUPS, TABLE) if of_group else (TABLE,):
        for key in ((status, scim_type, action), (status, None, action), (status, scim_type, None)):
            if key in table:
                return table[key]
        if (status, None, None) in table:
            return table[status, None, None]
    return FAILED if status >= 500 else REFUSED


def _known(reasons: Iterable[str]) -> list[Reason]:
    """The reasons that this version knows; another version may have written the event."""
    return [Reason(reason) for reason in reasons if reason in BY_REASON]
