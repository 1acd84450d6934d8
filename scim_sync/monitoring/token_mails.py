"""Mails about secret tokens, each sent once."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from addons.mails import InstallationMail, details_url, post_about, words
from addons.names import full_name_of, place_of
from printmgmt.mail.kinds import NotNeeded
from printmgmt.mail.models import Mail
from printmgmt.organizations.moments import write_day
from scim_sync.credentials.ended_tokens import describe_ended_token
from scim_sync.models import ProvisioningEvent, ScimToken
from scim_sync.monitoring.expiring import name_of, read_live, stage_of


def mail_expiry(token: ScimToken) -> None:
    """Mail that a live token expires within 30 days, and again within 7."""
    if stage := stage_of(token):
        key = f"token-ends:{token.pk}:{stage.days}"
        post_about(token.installation, TokenExpires.name, key=key, token=str(token.pk))


def mail_issuer_gone(token: ScimToken) -> None:
    """Mail that the issuer of a live token is no longer an administrator here; the token stays valid."""
    key = f"token-issuer-gone:{token.pk}"
    post_about(token.installation, TokenIssuerGone.name, key=key, token=str(token.pk))


def mail_ended_token_used(refused: ProvisioningEvent) -> None:
    """Mail that an ended token is still used beside one that works: once for each token and reason."""
    what = refused.token_id or f"of {refused.installation_id}"  # client secrets of one are told together
    key = f"token-leftover:{what}:{refused.reasons[0]}"
    post_about(refused.installation, EndedTokenUsed.name, key=key, event=str(refused.pk))


class TokenExpires(InstallationMail):
    """That a live token expires; one that was revoked in the meantime worries nobody."""

    name = "scim_sync.token-expires"

    def compose(self, mail: Mail) -> tuple[str, str]:
        token = _live(mail)
        return _of_end(token, token.time_left)


class TokenIssuerGone(InstallationMail):
    name = "scim_sync.token-issuer-gone"

    def compose(self, mail: Mail) -> tuple[str, str]:
        return _of_issuer(_live(mail))


class EndedTokenUsed(InstallationMail):
    name = "scim_sync.ended-token-used"

    def compose(self, mail: Mail) -> tuple[str, str]:
        rows = ProvisioningEvent.objects.select_related("installation__organization", "token")
        refused = rows.filter(pk=mail.about["event"]).first()
        if refused is None:  # deleted by now
            raise NotNeeded
        return _of_leftover(refused)


def _live(mail: Mail) -> ScimToken:
    return read_live(ScimToken.objects.select_related("installation__organization"), mail.about["token"])


def _of_leftover(refused: ProvisioningEvent) -> tuple[str, str]:
    subject = (
        _("%(organization)s: an old secret token is still used")
        if refused.token_id
        else _("%(organization)s: an old client secret is still used")
    )
    return words(
        subject % {"organization": place_of(refused.installation)},
        describe_ended_token(refused),
        _(
            "The sync uses another one and works. Find the program at that address and stop it, or "
            "give it an active one. You will not be emailed about this again."
        ),
        _("Details of %(addon)s:") % {"addon": full_name_of(refused.installation)},
        details_url(refused.installation),
    )


def _of_end(token: ScimToken, left: timedelta) -> tuple[str, str]:
    days = max(left.days, 0)
    subject = ngettext(
        "%(organization)s: the secret token for Azure expires in %(days)d day",
        "%(organization)s: the secret token for Azure expires in %(days)d days",
        days,
    ) % {"organization": place_of(token.installation), "days": days}
    date = write_day(token.expires_at)
    return words(
        subject,
        _("The secret token %(token)s of %(addon)s expires on %(date)s.")
        % {"token": name_of(token), "addon": full_name_of(token.installation), "date": date},
        _(
            "Rotate it on the page below, paste the new one into Azure, then revoke the old one. Both "
            "work at the same time, so the sync does not stop. If it has been replaced already, revoke "
            "it."
        ),
        details_url(token.installation),
    )


def _of_issuer(token: ScimToken) -> tuple[str, str]:
    return words(
        _("%(organization)s: the creator of the secret token for Azure has left")
        % {"organization": place_of(token.installation)},
        _(
            "%(who)s created the secret token %(token)s of %(addon)s and no longer administers "
            "%(organization)s."
        )
        % {
            "who": token.issued_by,
            "token": name_of(token),
            "addon": full_name_of(token.installation),
            "organization": token.installation.organization,
        },
        _("The token still works and the sync goes on. If they may have kept a copy, rotate and revoke it:"),
        details_url(token.installation),
    )
