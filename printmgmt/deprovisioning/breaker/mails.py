"""Tell administrators that too many people left at once."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from printmgmt.deprovisioning.breaker.batches import MAIL_KIND
from printmgmt.deprovisioning.models import BatchState, BreakerBatch
from printmgmt.mail.kinds import NotNeeded
from printmgmt.mail.models import Mail
from printmgmt.organizations.moments import write_moment
from printmgmt.organizations.notices import Notice, organization_of


class BreakerMail(Notice):
    """One mail a batch, as long as nobody decided."""

    name = MAIL_KIND

    def compose(self, mail: Mail) -> tuple[str, str]:
        organization = organization_of(mail)
        open_ones = BreakerBatch.objects.filter(organization=organization, state=BatchState.OPEN)
        batch = open_ones.filter(pk=mail.about["batch"]).first()
        if batch is None:
            raise NotNeeded
        subject = gettext("%(organization)s: many people left at once") % {"organization": organization}
        url = reverse("console:batch", kwargs={"organization": organization.slug, "batch": batch.pk})
        return subject, "\n".join(
            [
                gettext("Opened at %(moment)s.") % {"moment": write_moment(batch.opened_at)},
                opened_because(batch),
                "",
                gettext(
                    "Their access has ended. What cannot be undone (deleting jobs and cards) waits. Approve "
                    "the leavers, or restore them all:"
                ),
                f"{settings.PUBLIC_URL}{url}",
            ]
        )


def opened_because(batch: BreakerBatch) -> str:
    """Return in a sentence how many people left, and how many may leave without a decision."""
    return ngettext(
        "%(leavers)d of %(base)d people left within %(minutes)d minute. Up to %(limit)d may leave without "
        "approval.",
        "%(leavers)d of %(base)d people left within %(minutes)d minutes. Up to %(limit)d may leave without "
        "approval.",
        batch.minutes,
    ) % {"leavers": batch.leavers, "base": batch.base, "minutes": batch.minutes, "limit": batch.limit}
