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

    An order and its run have request and person in common. An order without one is explained by an earlier
    leaving of that person, or by its run at another time; a run without one by another event of its request,
    or by the age of the log. What is left is a gap. Two queries an installation.
    """
    for installation in organization.installations.of_addon(SLUG):
        yield _of(installation, since, until)


def _of(installation: Installation, since: datetime, until: datetime) -> DirectoryLeavings:
    organization = installation.organization_id
    everyone = DeprovisionRun.objects.filter(organization=organization)
    ours = everyone.filter(source=installation.source)
    runs = ours.filter(cut_at__gte=since, cut_at__lt=until)
    events = ProvisioningEvent.objects.filter(installation=installation, person__isnull=False)
    of_it = {"request_id": OuterRef("request_id"), "person": OuterRef("person")}
    ordered = events.filter(DISABLED | DELETED, at__gte=since, at__lt=until).annotate(
        started=Exists(runs.filter(**of_it)),
        elsewhere=Exists(ours.filter(**of_it)),
        before=Exists(everyone.filter(person=OuterRef("person"), cut_at__lte=OuterRef("at"))),
    )
    idle_disabled, idle_deleted = DISABLED & Q(started=False), DELETED & Q(started=False)
    counted = ordered.aggregate(
        disabled=Count("pk", filter=DISABLED),
        deleted=Count("pk", filter=DELETED),
        idle_disabled=Count("pk", filter=idle_disabled & Q(before=True)),
        idle_deleted=Count("pk", filter=idle_deleted & Q(elsewhere=True)),
        alone=Count("pk", filter=idle_disabled & Q(before=False) | idle_deleted & Q(elsewhere=False)),
    )
    logged = events.filter(**of_it)
    kept_since = timezone.now() - preferences_of(installation).keep_events
    without = runs.annotate(logged=Exists(logged), by_order=Exists(logged.filter(DISABLED | DELETED)))
    alone = without.aggregate(
        all=Count("pk"),
        old=Count("pk", filter=Q(logged=False, cut_at__lt=kept_since)),
        other=Count("pk", filter=Q(logged=True, by_order=False)),
        alone=Count("pk", filter=Q(logged=False, cut_at__gte=kept_since)),
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
        orders_alone=counted["alone"],
        runs_alone=alone["alone"],
    )
