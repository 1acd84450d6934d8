"""Console access of administrators who leave, or come back, as people: ended, left, asked about."""

from collections.abc import Collection, Set
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from printmgmt.organizations.models import AccessEnd, Administrator, Organization
from printmgmt.organizations.roles import Role


@dataclass(frozen=True)
class Leaving:
    """A leaving as far as console access goes: the run, and by whom it was ordered, to be read later.

    ``may_end`` says whether who ordered it may end anybody's access; ``never`` is the account that ordered
    it, which never ends its own.
    """

    run: UUID
    how: AccessEnd
    by: str
    source: str
    may_end: bool
    never: str = ""


@dataclass(frozen=True)
class Followed:
    """What became of a leaver's own access to the console."""

    administrator: Administrator
    ended: bool
    last_owner: bool
    """Whether it was kept because an organization needs an owner."""


def administrators_at(organization: Organization, addresses: Set[str]) -> QuerySet[Administrator]:
    """Whoever administers the organization, or did, under one of these folded e-mail addresses."""
    rows = Administrator.objects.filter(organization=organization, account__email__in=addresses)
    return rows.select_related("account").order_by("pk")


def follow_leaving(organization: Organization, addresses: Set[str], leaving: Leaving) -> list[Followed]:
    """End the access of accounts with one of these addresses in this organization, or mark that it stays.

    It stays where who ordered the leaving may not end it, and with the last owner. Call inside a transaction;
    one query when nobody matches. Returns those who had access.
    """
    matching = set(administrators_at(organization, addresses).values_list("pk", flat=True))
    if not matching:
        return []
    # The owners under lock too, or two leaving at once would each see the other; in one order for everybody.
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
        followed.append(Followed(row, ended=ends, last_owner=leaving.may_end and last_owner))
    return followed


def ask_for_return(organization: Organization, run_ids: Collection[UUID]) -> list[Administrator]:
    """Whoever lost access by one of these runs is back as a person: ask the owners; return who they are.

    What such a run left to be decided of somebody who kept access is decided by it, too.
    """
    concerned = organization.administrators.filter(
        Q(disabled_by_run__in=run_ids) | Q(kept_by_run__in=run_ids)
    ).select_related("account")
    asked = []
    for row in concerned.order_by("pk").select_for_update(of=("self",), no_key=True):
        row.kept_by_run = None
        if row.disabled_at:
            row.return_asked_at = timezone.now()
            asked.append(row)
        row.save(update_fields=["kept_by_run", "return_asked_at"])
    return asked


def waiting_for_return(organization: Organization) -> QuerySet[Administrator]:
    """Those of whom the owners are asked whether they get their access back."""
    rows = organization.administrators.filter(return_asked_at__isnull=False)
    return rows.select_related("account").order_by("account__email")


def _is_open(row: Administrator) -> bool:
    return row.disabled_at is None and row.account.is_active


def _forget_return(row: Administrator, run: UUID) -> None:
    """Gone again before an owner decided: what is asked next is asked when this leaving ends."""
    if row.return_asked_at:
        row.return_asked_at, row.disabled_by_run = None, run
        row.save(update_fields=["return_asked_at", "disabled_by_run"])
