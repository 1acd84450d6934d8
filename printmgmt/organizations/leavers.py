"""Console access of administrators who leave or come back as people."""

from collections.abc import Collection, Set
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from printmgmt.organizations.models import AccessEnd, Administrator, Organization
from printmgmt.organizations.roles import Role


@dataclass(frozen=True)
class Leaving:
    """What `follow_leaving` needs to know about a leaving.

    ``by`` is the name of the person or program that ordered it. ``may_end`` is whether they may end access.
    ``never`` is the id of the account that ordered it, whose own access never ends.
    """

    run: UUID
    how: AccessEnd
    by: str
    source: str
    may_end: bool
    never: str = ""


@dataclass(frozen=True)
class AccessOutcome:
    """The effect of a leaving on one administrator's access."""

    administrator: Administrator
    ended: bool
    last_owner: bool
    """Whether access was kept because this is the last owner."""


def administrators_at(organization: Organization, addresses: Set[str]) -> QuerySet[Administrator]:
    """Return present and former administrators with one of these email addresses (as ``normal_address``)."""
    rows = Administrator.objects.filter(organization=organization, account__email__in=addresses)
    return rows.select_related("account").order_by("pk")


def follow_leaving(organization: Organization, addresses: Set[str], leaving: Leaving) -> list[AccessOutcome]:
    """End the access of administrators with one of these addresses, or mark that an owner must decide.

    Access is kept if ``leaving.may_end`` is false, and for the last owner. Returns the administrators who had
    access. Call inside a transaction. One query when no address matches.
    """
    matching = set(administrators_at(organization, addresses).values_list("pk", flat=True))
    if not matching:
        return []
    # Lock the owners, too: of two owners who leave at once, each would see the other as an owner. By id.
    owning = Q(role=Role.OWNER, disabled_at__isnull=True, account__is_active=True)
    concerned = organization.administrators.filter(Q(pk__in=matching) | owning).select_related("account")
    locked = list(concerned.order_by("pk").select_for_update(of=("self",), no_key=True))
    owners = sum(_is_open(row) and row.role == Role.OWNER for row in locked)
    followed = []
    for row in locked:
        if row.pk not in matching:
            continue
        if not _is_open(row):
            _forget_return(row, leaving.run)
            continue
        last_owner = row.role == Role.OWNER and owners == 1
        ends = leaving.may_end and not last_owner and str(row.account_id) != leaving.never
        if ends:
            row.end(leaving.how, by=leaving.by, source=leaving.source, run=leaving.run)
            owners -= row.role == Role.OWNER
        else:
            row.kept_by_run = leaving.run
            row.save(update_fields=["kept_by_run"])
        followed.append(AccessOutcome(row, ended=ends, last_owner=leaving.may_end and last_owner))
    return followed


def ask_owners_about_return(organization: Organization, run_ids: Collection[UUID]) -> list[Administrator]:
    """Ask the owners about administrators who lost access by one of these runs; return these administrators.

    The person is back, so an open decision about access that such a run kept is closed.
    """
    concerned = organization.administrators.filter(
        Q(disabled_by_run__in=run_ids) | Q(kept_by_run__in=run_ids)
    ).select_related("account")
    returning = []
    for row in concerned.order_by("pk").select_for_update(of=("self",), no_key=True):
        row.kept_by_run = None
        if row.disabled_at:
            row.return_pending_since = timezone.now()
            returning.append(row)
        row.save(update_fields=["kept_by_run", "return_pending_since"])
    return returning


def waiting_for_return(organization: Organization) -> QuerySet[Administrator]:
    """Return former administrators for whom owners must decide whether access is restored."""
    rows = organization.administrators.filter(return_pending_since__isnull=False)
    return rows.select_related("account").order_by("account__email")


def _is_open(row: Administrator) -> bool:
    return row.disabled_at is None and row.account.is_active


def _forget_return(row: Administrator, run: UUID) -> None:
    """Withdraw the question to the owners: the person left again before they decided."""
    if row.return_pending_since:
        row.return_pending_since, row.disabled_by_run = None, run
        row.save(update_fields=["return_pending_since", "disabled_by_run"])
