"""Maintenance of every installation: mails, counting of cycles, hints, closing of review items, pruning."""

from django.utils import timezone

from addons.models import Installation, InstallationState
from printmgmt.organizations.models import Administrator
from printmgmt.rounds import isolate_errors
from scim_sync.credentials.ended_tokens import is_replaced, refused_with_ended_token
from scim_sync.credentials.ways import client_secrets_of, credentials_of
from scim_sync.facts import SLUG
from scim_sync.models import ProvisioningEvent, ScimToken, TokenKind, Visit
from scim_sync.monitoring.cadence import LEARNED_FROM
from scim_sync.monitoring.client_secret_mails import mail_secret_expiry, mail_secret_issuer_gone
from scim_sync.monitoring.cycles import count_cycles
from scim_sync.monitoring.health import RECENT
from scim_sync.monitoring.hints.looking import look_for_hints
from scim_sync.monitoring.token_mails import mail_ended_token_used, mail_expiry, mail_issuer_gone
from scim_sync.preferences import preferences_of
from scim_sync.services.review_decisions import close_answered

CHUNK = 5_000
"""Events deleted in one statement, so that locks are short."""

MOST_CHUNKS = 40
"""Chunks in one round; the next round is five minutes later."""


def maintain() -> None:
    """Maintain every installation; for uninstalled ones only prune. Safe to run in parallel."""
    for installation in Installation.objects.filter(slug=SLUG).select_related("organization"):
        uninstalled = installation.state == InstallationState.UNINSTALLED
        pruning = (prune, prune_access_tokens)
        duties = (
            pruning
            if uninstalled
            else (maintain_tokens, count_cycles, look_for_hints, close_answered, *pruning)
        )
        for duty in duties:
            with isolate_errors("maintaining", duty=duty.__name__, installation=str(installation.pk)):
                duty(installation)


def maintain_tokens(installation: Installation) -> None:
    """Mail about live secrets that expire soon or whose issuer has left, and about ended ones in use."""
    live = ScimToken.objects.filter(
        installation=installation, slot__isnull=False, expires_at__gt=timezone.now()
    ).select_related("installation__organization", "issued_by")
    here = Administrator.objects.active().filter(organization=installation.organization)
    present = set(here.values_list("account", flat=True))
    for token in live:
        with isolate_errors("mailing about a token", token=token.prefix):
            mail_expiry(token)
            if token.issued_by_id is not None and token.issued_by_id not in present:
                mail_issuer_gone(token)
    secrets = [secret for secret in client_secrets_of(installation) if secret.is_live]
    for secret in secrets:
        with isolate_errors("mailing about a client secret", secret=secret.prefix):
            mail_secret_expiry(secret)
            if secret.issued_by_id is not None and secret.issued_by_id not in present:
                mail_secret_issuer_gone(secret)
    in_use = [credential for credential in credentials_of(installation) if credential.is_live]
    # Where no other credential works, the mail about health says so.
    for refused in refused_with_ended_token(installation, since=timezone.now() - RECENT).select_related(
        "token", "installation__organization"
    ):
        if is_replaced(refused, in_use):
            with isolate_errors("mailing about an ended token", token=str(refused.token_id)):
                mail_ended_token_used(refused)


def prune(installation: Installation) -> int:
    """Delete events older than the setting allows, and visits too old for the cadence.

    An event is deleted with body and counter by when it first happened; its repetitions are of the same day.
    Returns the number of deleted events.
    """
    now = timezone.now()
    # The last full cycle is shown for as long as there is none after it.
    full = Visit.objects.filter(installation=installation).full().order_by("-began_at").first()
    old_visits = Visit.objects.filter(installation=installation, began_at__lt=now - LEARNED_FROM)
    (old_visits.exclude(pk=full.pk) if full else old_visits).delete()
    kept_from = now - preferences_of(installation).keep_events
    old = ProvisioningEvent.objects.filter(installation=installation, at__lt=kept_from)
    pruned = 0
    for _chunk in range(MOST_CHUNKS):
        chunk = list(old.order_by("at", "id").values_list("pk", flat=True)[:CHUNK])
        if chunk:
            ProvisioningEvent.objects.filter(pk__in=chunk).only("pk").delete()
        pruned += len(chunk)
        if len(chunk) < CHUNK:
            break
    return pruned


def prune_access_tokens(installation: Installation) -> None:
    """Delete access tokens that ended before the oldest event that the log keeps, which may name them."""
    kept_from = timezone.now() - preferences_of(installation).keep_events
    old = ScimToken.objects.filter(installation=installation, kind=TokenKind.ACCESS, expires_at__lt=kept_from)
    chunk = list(old.order_by("expires_at").values_list("pk", flat=True)[:CHUNK])
    if chunk:
        ScimToken.objects.filter(pk__in=chunk).only("pk").delete()
