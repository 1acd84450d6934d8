"""Email administrators who has left: one mail for everyone of the same quarter of an hour."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, RunState, Trigger
from printmgmt.deprovisioning.owners import administrators_who_left, left_words
from printmgmt.deprovisioning.steps.base import Evidence, Step, StepError, Target
from printmgmt.mail.models import Mail, MailState
from printmgmt.mail.one_line import one_line
from printmgmt.mail.outbox import post, retry
from printmgmt.mail.sending import Mails
from printmgmt.organizations.models import Organization
from printmgmt.organizations.moments import write_moment
from printmgmt.organizations.notices import Notice, organization_of
from printmgmt.work.runner import perform_due

LISTED = 50
"""Leavers named in one mail; a longer list is in the console."""

LATECOMERS = timedelta(seconds=30)
"""A leaving that begins at the end of a window commits a little after it, and belongs into its mail."""


def _message_id(message_id: str) -> Iterator[str]:
    yield gettext("Email %(id)s") % {"id": message_id.strip("<>")}


def _recipients(number: int) -> Iterator[str]:
    yield ngettext("%(number)d administrator notified.", "%(number)d administrators notified.", number) % {
        "number": number
    }


class NotifyAdministrators(Step):
    """The target is the end of the digest's window, so that runs of one window share one mail."""

    name = "notify-administrators"
    label = _("Email administrators")
    triggers = frozenset({Trigger.SUSPENDED, Trigger.REMOVED})
    evidence_words = {"message_id": _message_id, "recipients": _recipients}
    immediate = False

    def due(self, run: DeprovisionRun) -> datetime:
        return self._window_end(run) + LATECOMERS

    def targets(self, run: DeprovisionRun) -> Iterable[Target]:
        return [Target("digest", self._window_end(run).isoformat())]

    def act(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        mail = post(
            LeaversMail.name,
            about={"window": target.id},
            organization=run.organization_id,
            key=f"leavers:{target.id}",
            nudge=False,  # this worker sends it
        )
        retry(mail)  # a step that is retried after it gave up
        perform_due(Mails(), str(mail.pk))
        mail.refresh_from_db()
        if mail.state == MailState.SENT:
            evidence |= {"message_id": mail.message_id, "recipients": len(mail.recipients)}
        elif mail.lease_owner:
            raise StepError(gettext("Another worker is sending the email."), permanent=False)
        else:
            message = gettext("The email could not be sent: %(error)s") % {"error": mail.error}
            raise StepError(message, permanent=mail.state == MailState.FAILED)

    def verify(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> bool:
        sent = Mail.objects.filter(organization=run.organization_id, state=MailState.SENT)
        return sent.filter(key=f"leavers:{target.id}").exists()

    def _window_end(self, run: DeprovisionRun) -> datetime:
        window = run.policy.digest_minutes * 60
        return datetime.fromtimestamp(ceil(run.cut_at.timestamp() / window) * window, tz=UTC)


class LeaversMail(Notice):
    """Names everyone of a window who is still gone."""

    name = "deprovisioning.leavers"

    def compose(self, mail: Mail) -> tuple[str, str]:
        organization = organization_of(mail)
        steps = DeprovisionStep.objects.filter(
            organization=organization, name=NotifyAdministrators.name, target_id=mail.about["window"]
        ).exclude(run__state__in=[RunState.UNDONE, RunState.SUPERSEDED])
        total = steps.count()
        listed = steps.select_related("run__person").order_by("run__cut_at")[:LISTED]
        lines = [line for step in listed for line in _of_leaver(step.run, organization)]
        if total > LISTED:
            lines.append(gettext("… and %(more)d more") % {"more": total - LISTED})
        subject = ngettext(
            "%(organization)s: print access ended for %(total)d person",
            "%(organization)s: print access ended for %(total)d people",
            total,
        ) % {"organization": organization, "total": total}
        head = gettext("Access ended at the times above. Follow the remaining steps:")
        where = _url("console:leavers", organization)
        runs = steps.values("run")
        return subject, "\n".join([*lines, "", head, where, "", *_of_administrators(organization, runs)])


def _of_leaver(run: DeprovisionRun, organization: Organization) -> list[str]:
    person = run.person
    # Two may have one display name.
    names = filter(None, [person.display_name, person.user_name])
    who, *user_name = map(one_line, names)
    if user_name:
        who = f"{who} ({user_name[0]})"
    is_block = run.trigger == Trigger.SUSPENDED and person.blocked_at and person.blocked_at <= run.cut_at
    what = gettext("Blocked") if is_block else run.get_trigger_display()
    return [
        f"- {who}: {what}, {write_moment(run.cut_at)}",
        f"  {_url('console:run', organization, run=run.pk)}",
    ]


def _of_administrators(organization: Organization, runs: QuerySet[Any]) -> list[str]:
    """Administrators whose console access these runs did not end; the last owner as long as that is so."""
    left = administrators_who_left(organization)
    if not left:
        return []
    kept_by = DeprovisionRun.objects.filter(pk__in=[row.kept_by_run for row in left])
    once = set(kept_by.filter(pk__in=runs).values_list("pk", flat=True))
    return [
        line
        for row in left
        if row.last_owner or row.kept_by_run in once  # type: ignore[attr-defined]  # annotated
        for line in (
            "{}. {}".format(*left_words(row)),
            _url("console:administrator", organization, administrator=row.pk),
            "",
        )
    ]


def _url(view: str, organization: Organization, **arguments: object) -> str:
    return settings.PUBLIC_URL + reverse(view, kwargs={"organization": organization.slug, **arguments})
