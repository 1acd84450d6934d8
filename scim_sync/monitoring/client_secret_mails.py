"""Mails about client secrets, each sent once."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from addons.mails import InstallationMail, details_url, post_about, words
from addons.names import full_name_of, place_of
from printmgmt.mail.models import Mail
from printmgmt.organizations.moments import write_day
from scim_sync.models import ScimClientSecret
from scim_sync.monitoring.expiring import name_of, read_live, stage_of


def mail_secret_expiry(secret: ScimClientSecret) -> None:
    """Mail that a live client secret expires within 30 days, and again within 7."""
    if stage := stage_of(secret):
        key = f"client-secret-ends:{secret.pk}:{stage.days}"
        post_about(secret.installation, ClientSecretExpires.name, key=key, secret=str(secret.pk))


def mail_secret_issuer_gone(secret: ScimClientSecret) -> None:
    """Mail that the issuer of a live client secret is no longer an administrator here; it stays valid."""
    key = f"client-secret-issuer-gone:{secret.pk}"
    post_about(secret.installation, ClientSecretIssuerGone.name, key=key, secret=str(secret.pk))


class ClientSecretExpires(InstallationMail):
    """That a live client secret expires; one that was revoked in the meantime worries nobody."""

    name = "scim_sync.client-secret-expires"

    def compose(self, mail: Mail) -> tuple[str, str]:
        secret = _live(mail)
        return _of_end(secret, secret.time_left)


class ClientSecretIssuerGone(InstallationMail):
    name = "scim_sync.client-secret-issuer-gone"

    def compose(self, mail: Mail) -> tuple[str, str]:
        return _of_issuer(_live(mail))


def _live(mail: Mail) -> ScimClientSecret:
    secrets = ScimClientSecret.objects.select_related("client__installation__organization")
    return read_live(secrets, mail.about["secret"])


def _of_end(secret: ScimClientSecret, left: timedelta) -> tuple[str, str]:
    days = max(left.days, 0)
    subject = ngettext(
        "%(organization)s: the client secret for Azure expires in %(days)d day",
        "%(organization)s: the client secret for Azure expires in %(days)d days",
        days,
    ) % {"organization": place_of(secret.installation), "days": days}
    return words(
        subject,
        _("The client secret %(secret)s of %(addon)s expires on %(date)s.")
        % {
            "secret": name_of(secret),
            "addon": full_name_of(secret.installation),
            "date": write_day(secret.expires_at),
        },
        _(
            "Create a second one on the page below, paste it into Azure, then revoke the old one. Both "
            "work at the same time, so the sync does not stop. If it has been replaced already, revoke "
            "it."
        ),
        details_url(secret.installation),
    )


def _of_issuer(secret: ScimClientSecret) -> tuple[str, str]:
    return words(
        _("%(organization)s: the creator of the client secret for Azure has left")
        % {"organization": place_of(secret.installation)},
        _(
            "%(who)s created the client secret %(secret)s of %(addon)s and no longer administers "
            "%(organization)s."
        )
        % {
            "who": secret.issued_by,
            "secret": name_of(secret),
            "addon": full_name_of(secret.installation),
            "organization": secret.installation.organization,
        },
        _(
            "The secret still works and the sync goes on. If they may have kept a copy, create another one "
            "and revoke it:"
        ),
        details_url(secret.installation),
    )
