"""What Entra ordered, beside the runs that followed: for the leavers report."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addons.addresses import address_of
from addons.models import Installation
from addons.names import name_of
from printmgmt.console.shell.extensions import DirectoryLeavings
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Organization
from scim_sync.facts import SLUG
from scim_sync.models import Action, ProvisioningEvent, Result
from scim_sync.preferences import preferences_of

DONE = Q(result__in=[Result.OK, Result.WARNING])
DISABLED, DELETED = DONE & Q(action=Action.SUSPEND), DONE & Q(action=Action.REMOVE)


def leavings(organization: Organization, since: datetime, until: datetime) -> Iterator[DirectoryLeavings]:
    """Yield one entry an installation: orders of the log, runs of its source, and why they differ.

    An order and its run have request and person in common. Two queries an installation.
    """
    for installation in organization.installations.of_addon(SLUG):
        yield _of(installation, since, until)


def _of(installation: Installation, since: datetime, until: datetime) -> DirectoryLeavings:
    organization = installation.organization_id
    runs = DeprovisionRun.objects.filter(organization=organization, source=installation.source)
    runs = runs.filter(cut_at__gte=since, cut_at__lt=until)
    events = ProvisioningEvent.objects.filter(installation=installation, person__isnull=False)
    same = runs.filter(request_id=OuterRef("request_id"), person=OuterRef("person"))
    ordered = events.filter(DISABLED | DELETED, at__gte=since, at__lt=until).annotate(started=Exists(same))
    counted = ordered.aggregate(
        disabled=Count("pk", filter=DISABLED),
        deleted=Count("pk", filter=DELETED),
        idle_disabled=Count("pk", filter=DISABLED & Q(started=False)),
        idle_deleted=Count("pk", filter=DELETED & Q(started=False)),
    )
    logged = events.filter(DISABLED | DELETED, request_id=OuterRef("request_id"), person=OuterRef("person"))
    kept_since = timezone.now() - preferences_of(installation).keep_events
    alone = runs.annotate(logged=Exists(logged)).aggregate(
        all=Count("pk"),
        old=Count("pk", filter=Q(logged=False, cut_at__lt=kept_since)),
        other=Count("pk", filter=Q(logged=False, cut_at__gte=kept_since)),
    )
    reasons = (
        (_("Disabled, but access had ended before, such as by a block or an earlier order"), "idle_disabled"),
        (_("Deleted, and the run is of another time"), "idle_deleted"),
    )
    differences = [(why, counted[name]) for why, name in reasons if counted[name]]
    if alone["old"]:
        differences.append((_("Runs whose events have been deleted from the log"), -alone["old"]))
    if alone["other"]:
        differences.append(
            (_("Runs that no disable or delete started, such as a person created disabled"), -alone["other"])
        )
    return DirectoryLeavings(
        label=name_of(installation),
        disabled=counted["disabled"],
        deleted=counted["deleted"],
        started=alone["all"],
        differences=tuple(differences),
        url=address_of(installation, "scim_sync:log"),
    )
