"""The verbs of the audit trail in words, with an icon for each kind."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.extensions import extensions
from printmgmt.console.shell.navigation import Text

VERBS: Final[dict[str, tuple[Text, str]]] = {
    "person.created": (_("Person added"), "user-plus"),
    "person.updated": (_("Details changed"), "pencil"),
    "person.suspended": (_("Suspended"), "user-x"),
    "person.blocked": (_("Blocked"), "ban"),
    "person.unblocked": (_("Unblocked"), "lock-open"),
    "person.removed": (_("Removed"), "user-off"),
    "person.restored": (_("Restored"), "arrow-back-up"),
    "person.allowed": (_("Restored, disabled in the directory"), "user-exclamation"),
    "person.disallowed": (_("Exception to the directory ended"), "user-x"),
    "person.reactivated": (_("Active again"), "user-check"),
    "person.reactivated-still-blocked": (_("Active again in the directory, still blocked"), "ban"),
    "person.reattached": (_("Restored within the restore period"), "user-check"),
    "person.reattached-still-blocked": (_("Back in the directory, still blocked"), "ban"),
    "person.linked": (_("Linked to the directory"), "link"),
    "person.kept-as-new": (_("Kept as a new person"), "user-check"),
    "person.hold-set": (_("Legal hold set"), "lock"),
    "person.hold-lifted": (_("Legal hold lifted"), "lock-open"),
    "person.anonymised": (_("Anonymized"), "user-off"),
    "person.merged": (_("Merged with another entry"), "users"),
    "person.link-rejected": (_("Link to the directory rejected"), "unlink"),
    "person.moved-directory": (_("Managed by another directory now"), "arrows-exchange"),
    "person.move-rejected": (_("Move to another directory rejected"), "unlink"),
    "person.link-rejection-undone": (_("Rejection of the link undone"), "arrow-back-up"),
    "group.created": (_("Group created"), "users-group"),
    "group.renamed": (_("Group renamed"), "users-group"),
    "group.members-changed": (_("Members changed"), "users-group"),
    "group.linked": (_("Group linked to the directory"), "link"),
    "group.deleted": (_("Group deleted"), "users-group"),
    "group.restored": (_("Group restored"), "arrow-back-up"),
    "group.erased": (_("Deleted group erased"), "trash"),
    "card.moved": (_("Card moved from another person"), "arrows-exchange"),
    "card.kept-by-holder": (_("Card kept by its holder"), "credit-card"),
    "card.assigned": (_("Card assigned"), "credit-card"),
    "card.unassigned": (_("Card unassigned"), "credit-card"),
    "card.revoked": (_("Card revoked"), "credit-card"),
    "pin.assigned": (_("PIN set"), "key"),
    "pin.unassigned": (_("PIN unassigned"), "key"),
    "pin.revoked": (_("PIN revoked"), "key"),
    "pin.mailed": (_("PIN emailed"), "mail"),
    "pin.mail-failed": (_("PIN could not be emailed"), "alert-triangle"),
    "run.skipped": (_("Steps skipped"), "player-pause"),
    "run.approved": (_("Irreversible steps approved"), "list-check"),
    "run.retried": (_("Retried"), "refresh"),
    "bulk.started": (_("Bulk operation started"), "list-check"),
    "bulk.stopped": (_("Bulk operation stopped"), "x"),
    "breaker.opened": (_("Too many people left at once: a decision is needed"), "alert-triangle"),
    "breaker.approved": (_("Leavings approved"), "check"),
    "breaker.restored": (_("Restoring everyone ordered"), "arrow-back-up"),
    "device.enrolled": (_("Device enrolled"), "device-laptop"),
    "device.revoked": (_("Device revoked"), "device-laptop"),
    "job.held": (_("Print job held"), "player-pause"),
    "job.released": (_("Print job released"), "player-play"),
    "job.canceled": (_("Print job canceled"), "x"),
    "job.moved": (_("Print job moved"), "arrows-exchange"),
    "job.held-again": (_("Print job held again"), "player-pause"),
    "job.after-leaving": (_("Print job sent under their name after leaving"), "alert-triangle"),
    "job.claimed": (_("Jobs assigned to a person"), "user-check"),
    "job.claim-undone": (_("Assignment of jobs undone"), "arrow-back-up"),
    "secure-release.set-up": (_("Secure release set up"), "lock"),
    "secure-release.changed": (_("Secure release changed"), "pencil"),
    "secure-release.resumed": (_("Secure release queue resumed by someone"), "alert-triangle"),
    "secure-release.stopped-again": (_("Secure release queue stopped again"), "lock"),
    "secure-release.ended": (_("Secure release ended"), "lock-open"),
    "administrator.access-ended": (_("Console access ended"), "user-x"),
    "administrator.access-kept": (
        _("Left, console access kept for an owner to decide"),
        "alert-triangle",
    ),
    "administrator.return-pending": (_("Returned: an owner decides about console access"), "help-circle"),
    "administrator.access-not-restored": (_("Console access not restored"), "user-x"),
    "administrator.access-continued": (_("Console access kept"), "user-check"),
    "administrator.last-owner-left": (_("The last owner left and kept access"), "alert-triangle"),
    "addon.installed": (_("Add-on added"), "puzzle"),
    "addon.configured": (_("Add-on settings changed"), "settings"),
    "addon.renamed": (_("Add-on renamed"), "pencil"),
    "addon.paused": (_("Add-on paused"), "player-pause"),
    "addon.resumed": (_("Add-on resumed"), "player-play"),
    "addon.uninstalled": (_("Add-on uninstalled"), "trash"),
    "token.created": (_("Secret token created"), "key"),
    "token.revoked": (_("Secret token revoked"), "ban"),
    "client-secret.created": (_("Client secret created"), "key"),
    "client-secret.revoked": (_("Client secret revoked"), "ban"),
    "client.switched-off": (_("Client credentials switched off"), "plug-connected-x"),
    "client.switched-on": (_("Client credentials switched on"), "plug-connected"),
    "organization.created": (_("Organization created"), "building"),
    "organization.updated": (_("Organization settings changed"), "settings"),
    "organization.jobs-matched": (_("Past jobs matched again"), "user-check"),
    "policy.changed": (_("Leaving policy changed"), "adjustments"),
    "administrator.role-changed": (_("Role changed"), "shield-lock"),
    "administrator.removed": (_("Administrator's access ended"), "user-x"),
    "administrator.restored": (_("Administrator's access restored"), "user-check"),
    "administrator.two-factor-reset": (_("Two-factor authentication reset"), "lock-open"),
    "host.two-factor-reset": (_("Two-factor authentication reset by host staff"), "lock-open"),
    "invitation.sent": (_("Administrator invited"), "send"),
    "invitation.resent": (_("Invitation resent"), "send"),
    "invitation.withdrawn": (_("Invitation withdrawn"), "x"),
    "invitation.accepted": (_("Invitation accepted"), "user-plus"),
    "organization.two-factor-required": (_("Two-factor authentication required"), "shield-check"),
    "organization.two-factor-optional": (_("Two-factor authentication no longer required"), "lock-open"),
    "print-server.added": (_("Print server added"), "server"),
    "print-server.changed": (_("Print server changed"), "pencil"),
    "print-server.lists-restored": (_("Names put back into lists of queues"), "lock"),
    "print-server.tested": (_("Print server tested"), "clipboard-check"),
    "print-server.paused": (_("Print server paused"), "player-pause"),
    "print-server.resumed": (_("Print server resumed"), "player-play"),
    "print-server.removed": (_("Print server removed"), "server-off"),
    "station.added": (_("Station added"), "device-desktop"),
    "station.changed": (_("Station changed"), "pencil"),
    "station.token-replaced": (_("New token for the station"), "key"),
    "station.removed": (_("Station removed"), "trash"),
    "station.locked": (_("Locked at a station after too many wrong attempts"), "lock"),
    "host.viewed": (_("Viewed by host staff"), "eye"),
    "host.searched": (_("Found by host staff in a search"), "search"),
    "host.changed": (_("Changed by host staff"), "pencil"),
}


def all_verbs() -> dict[str, tuple[Text, str]]:
    """The core's verbs and the add-ons'."""
    return {**VERBS, **extensions.verbs()}


def verb_words(verb: str) -> Text:
    """Return a verb in words; an unknown verb as it is stored."""
    words, _icon = all_verbs().get(verb, (verb, ""))
    return words


def verb_icon(verb: str) -> str:
    """The icon beside a verb."""
    _words, icon = all_verbs().get(verb, ("", "history"))
    return icon
