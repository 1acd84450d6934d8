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
        _("A value is missing, malformed, too long, or of the wrong type. The response names the attribute."),
        _("Correct the value in Entra, or the attribute's mapping under Provisioning › Mappings."),
    ),
    (400, "invalidPath", None): Cause(
        _("The mapping targets an attribute that does not exist here."),
        _("Correct the target attribute. The mapping table on the add-on's page shows its spelling."),
    ),
    (400, "noTarget", None): Cause(
        _("The change targets a value the person does not have."),
        _("Restart provisioning in Entra, so that it sends the whole person again."),
    ),
    (400, "mutability", None): Cause(
        _("The directory tried to change a read-only attribute, such as the id."),
        _("Take the attribute out of the mapping in Entra."),
    ),
    (400, "invalidSyntax", None): Cause(
        _("The body is not JSON, or not a SCIM message."),
        _("If the caller is Entra, try again later. Your own connector must send RFC 7644 messages."),
    ),
    (400, "tooMany", None): Cause(
        _("The request asks for more than one response can hold."),
        _("Send fewer operations in one request."),
    ),
    (401, None, None): Cause(
        _("The request had no valid secret token."),
        _("Paste the current secret token into Azure, or rotate it if it is lost."),
    ),
    (403, None, Action.CREATE): Cause(
        _("No seat is free: the organization's limit of active people is reached."),
        _("Free a seat, raise the limit, or assign fewer people. Entra retries automatically."),
    ),
    (403, None, None): Cause(
        _("The change is not allowed here. The response says why."),
        _("Follow the response. Entra retries automatically."),
    ),
    (404, None, Action.REMOVE): Cause(
        _("The person was already removed."),
        _("No action needed: Entra treats this as done."),
    ),
    (404, None, None): Cause(
        _("Entra refers to a person who was removed here in the meantime, in this console or by Entra."),
        _("No action needed: Entra will create the person again. If it repeats, restart provisioning."),
    ),
    (409, "uniqueness", Action.CREATE): Cause(
        _("Someone here already has this user name."),
        _(
            "If it is the same person, approve the link in the review queue, or turn on automatic "
            "linking in the settings. Otherwise change one of the two user names."
        ),
        in_queue=True,
    ),
    (409, "uniqueness", None): Cause(
        _("The new user name belongs to someone else here, or to a link that waits for approval."),
        _("Check the review queue. Otherwise change one of the two user names."),
        in_queue=True,
    ),
    (412, None, None): Cause(
        _("The person changed after the caller last read them."),
        _("No action needed: the caller reads again and repeats the change."),
    ),
    (413, None, None): Cause(
        _("The request body is larger than the limit."),
        _("Send fewer members or operations in one request."),
    ),
    (415, None, None): Cause(
        _("The body is not declared as JSON or SCIM."),
        _("Your own connector must send Content-Type application/scim+json."),
    ),
}

OF_GROUPS: Final[dict[Row, Cause]] = {
    (400, "invalidValue", None): Cause(
        _("The group has no usable name, or a member is unknown. The response names the problem."),
        _(
            "Give the group a name in Entra. Provision its members, too, or choose in the settings to "
            "ignore unknown members. Entra retries automatically."
        ),
    ),
    (404, None, Action.REMOVE): Cause(
        _("The group was already deleted."),
        _("No action needed: Entra treats this as done."),
    ),
    (404, None, None): Cause(
        _("Entra refers to a group that was deleted here in the meantime."),
        _("No action needed: Entra will create the group again. If it repeats, restart provisioning."),
    ),
    (409, "uniqueness", None): Cause(
        _("Another group here has this name."),
        _(
            "Change one of the two names. If it is the same group and was created in this console, turn "
            "on automatic linking in the settings."
        ),
    ),
    (412, None, None): Cause(
        _("The group changed after the caller last read it."),
        _("No action needed: the caller reads again and repeats the change."),
    ),
}

BY_REASON: Final[dict[Reason, Cause]] = {
    Reason.TOKEN_MISSING: Cause(
        _("no secret token"),
        _("Enter the secret token in Azure under Provisioning › Admin credentials."),
    ),
    Reason.TOKEN_MALFORMED: Cause(
        _("not a valid token"),
        _("Copy the whole secret token into Azure, without spaces or the word Bearer."),
    ),
    Reason.TOKEN_UNKNOWN: Cause(
        _("an unrecognized secret token"),
        _("Paste the current secret token into Azure, or rotate it if it is lost."),
    ),
    Reason.TOKEN_FOREIGN: Cause(
        _("a secret token of another installation"),
        _("Tenant URL and secret token belong to different installations. Copy both from one page."),
    ),
    Reason.TOKEN_EXPIRED: Cause(
        _("an expired secret token"),
        _("Rotate the token on the add-on's page and paste the new one into Azure."),
    ),
    Reason.TOKEN_REVOKED: Cause(
        _("a revoked secret token"),
        _("Paste the active token into Azure, or rotate it to get a new one."),
    ),
    Reason.ACCESS_TOKEN_EXPIRED: Cause(
        _("an expired access token"),
        _("No action needed: Entra asks for another access token."),
    ),
    Reason.ACCESS_TOKEN_REVOKED: Cause(
        _("an access token that was revoked together with what Azure got it for"),
        _("No action needed if Azure still has another way to connect. Otherwise set one up on this page."),
    ),
    Reason.CLIENT_SECRET_MISSING: Cause(
        _("no client secret"),
        _("Enter Client identifier and Client secret in Azure under Provisioning › Admin credentials."),
    ),
    Reason.CLIENT_MALFORMED: Cause(
        _("client credentials that contradict each other or cannot be read"),
        _("A client must send one identifier and one secret. Entra does; check your own connector."),
    ),
    Reason.CLIENT_UNKNOWN: Cause(
        _("an unrecognized client identifier"),
        _("Copy Token endpoint, Client identifier and Client secret from one page of this console."),
    ),
    Reason.CLIENT_SECRET_UNKNOWN: Cause(
        _("an unrecognized client secret"),
        _("Copy the whole client secret into Azure, or create another one if it is lost."),
    ),
    Reason.CLIENT_SECRET_EXPIRED: Cause(
        _("an expired client secret"),
        _("Create a client secret on the add-on's page and paste it into Azure."),
    ),
    Reason.CLIENT_SECRET_REVOKED: Cause(
        _("a revoked client secret"),
        _("Paste the active client secret into Azure, or create another one."),
    ),
    Reason.CLIENT_OFF: Cause(
        _("client credentials are switched off"),
        _("Switch client credentials on again on the add-on's page, or connect Azure another way."),
    ),
    Reason.TRUST_MISSING: Cause(
        _("a sign-in by federation, which is not set up here"),
        _("Set up federation on the add-on's page, or choose another authentication method in Azure."),
    ),
    Reason.PAUSED: Cause(
        _("the add-on is paused"),
        _("Resume the add-on in its settings. Entra retries automatically."),
    ),
    Reason.UNINSTALLED: Cause(
        _("the add-on was uninstalled"),
        _(
            "Add the add-on again and paste the new Tenant URL and token into Azure, or stop provisioning "
            "there."
        ),
    ),
    Reason.LINKED_ALREADY: Cause(
        _("Another synced person already has this user name."),
        _(
            "Look in Entra for a second person with this user name, and change one of the two. If there "
            "is only one, match people by userName in the mapping, so that Entra finds the person it "
            "created."
        ),
    ),
    Reason.NAME_TAKEN: Cause(
        _("Someone else here has this user name."),
        _("Change one of the two user names. Entra retries automatically."),
    ),
    Reason.OTHER_DIRECTORY: Cause(
        _("Another directory of this organization manages the person. No changes were made."),
        _(
            "Decide in the review queue which directory manages the person, or remove the person from the "
            "scope of this one in Entra."
        ),
        in_queue=True,
    ),
    Reason.CARD_HELD: Cause(
        _("Someone else has the card, so it was not assigned. Everything else was done."),
        _("Decide in the review queue who gets it, or correct the card number in Entra."),
        in_queue=True,
    ),
    Reason.NOT_ACTIVE: Cause(
        _("The person is not active, so no card or PIN was set. Everything else was done."),
        _(
            "No action needed if the person has left. Once they are active again, provision them on "
            "demand in Entra to send card and PIN again."
        ),
    ),
    Reason.BLANK: Cause(
        _("The card number or PIN is empty, so it was not set. Everything else was done."),
        _("Correct the value in Entra, or the attribute's mapping under Provisioning › Mappings."),
    ),
    Reason.UNKNOWN_MEMBERS: Cause(
        _("Unknown members were ignored. Everything else was done."),
        _(
            "Provision them, too, then restart provisioning in Entra to send the members again. If Entra "
            "should retry automatically, choose in the settings to reject unknown members."
        ),
    ),
}

REFUSED: Final = Cause(
    _("The request was rejected. The response says why."),
    _("Correct what the response names. Entra retries automatically."),
)
FAILED: Final = Cause(
    _("Something went wrong on our side. No changes were made."),
    _("Entra retries automatically. If it repeats, give the request id to your host."),
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
