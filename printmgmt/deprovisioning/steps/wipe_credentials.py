"""Wipe a removed person's cards and PINs once the grace period is over."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from printmgmt.deprovisioning.foreseen import Effect, Foreseen, Plan
from printmgmt.deprovisioning.models import DeprovisionRun, Trigger
from printmgmt.deprovisioning.steps.base import Evidence, Step, Target
from printmgmt.people.credentials import wipe
from printmgmt.people.models import Credential, CredentialKind


def _wiped(credentials: list[dict[str, str]]) -> Iterator[str]:
    for credential in credentials:
        if credential["kind"] == CredentialKind.CARD:
            yield gettext("Card ending in %(last4)s erased.") % {"last4": credential["last4"]}
        else:
            yield gettext("PIN erased.")


class WipeCredentials(Step):
    """Deletes the rows; the evidence keeps kinds and last digits, so that a found card can be identified."""

    name = "wipe-credentials"
    label = _("Erase cards and PINs")
    triggers = frozenset({Trigger.REMOVED})
    evidence_words = {"wiped": _wiped}
    personal_evidence = frozenset({"wiped"})
    immediate = False
    irreversible = True
    own_rows_only = True

    def due(self, run: DeprovisionRun) -> datetime:
        return run.cut_at + timedelta(days=run.policy.grace_days(run.trigger))

    def preview(self, plan: Plan) -> Iterable[Foreseen]:
        rows = Credential.objects.filter(organization=plan.organization)
        yield Foreseen(Effect.ERASED, rows, days=plan.policy.grace_days(plan.trigger))

    def targets(self, run: DeprovisionRun) -> Iterable[Target]:
        return [Target("person", str(run.person_id))]

    def act(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        wiped = wipe(run.person)
        evidence |= {"found": len(wiped), "wiped": wiped}

    def verify(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> bool:
        return not Credential.objects.filter(person=run.person_id).exists()
