"""Changing who administers an organization: who may, and that somebody always owns it."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Administrator
from printmgmt.organizations.roles import Role


class LastOwner(Exception):
    """The change would leave the organization without an owner."""

    def __str__(self) -> str:
        return str(_("Every organization needs an owner. Make somebody else an owner first."))


class NotAnOwner(Exception):
    """Who asked for the change owns the organization no longer."""

    def __str__(self) -> str:
        return str(_("Only an owner may change this."))


def may_give(giver: str, role: str) -> bool:
    """Tell whether an administrator of role ``giver`` may hand out ``role``: only owners make owners."""
    return giver == Role.OWNER or (giver == Role.ADMIN and role != Role.OWNER)


@transaction.atomic
def change_role(administrator: Administrator, role: Role, *, by: Administrator) -> Role:
    """Give an administrator another role and return the one before. Raises LastOwner and NotAnOwner."""
    locked, last_owner = _locked(administrator, by)
    if last_owner and role != Role.OWNER:
        raise LastOwner
    before = Role(locked.role)
    locked.role = role
    locked.save(update_fields=["role"])
    return before


@transaction.atomic
def end_access(administrator: Administrator, *, by: Administrator) -> None:
    """Take an administrator's access; the row stays, so that it can be given back.

    It no longer remembers a leaver's run, so undoing that run does not reopen what an owner closed.
    Raises LastOwner and NotAnOwner.
    """
    locked, last_owner = _locked(administrator, by)
    if last_owner:
        raise LastOwner
    locked.disabled_at = locked.disabled_at or timezone.now()
    locked.disabled_by_run = None
    locked.save(update_fields=["disabled_at", "disabled_by_run"])


@transaction.atomic
def return_access(administrator: Administrator, *, by: Administrator) -> None:
    """Give an administrator whose access ended the same role again. Raises NotAnOwner."""
    locked, _last = _locked(administrator, by)
    locked.disabled_at = locked.disabled_by_run = None
    locked.save(update_fields=["disabled_at", "disabled_by_run"])


def _locked(administrator: Administrator, by: Administrator) -> tuple[Administrator, bool]:
    """Lock the row with all owners, in the order everybody takes; tell whether it is the last owner's."""
    rows = Administrator.objects.filter(organization=administrator.organization_id)
    owning = Q(role=Role.OWNER, disabled_at__isnull=True, account__is_active=True)
    concerned = rows.filter(Q(pk=administrator.pk) | owning).select_related("account").order_by("pk")
    locked = list(concerned.select_for_update(of=("self",), no_key=True))
    owners = {
        row.pk
        for row in locked
        if row.role == Role.OWNER and row.disabled_at is None and row.account.is_active
    }
    if by.pk not in owners:
        raise NotAnOwner
    row = next(row for row in locked if row.pk == administrator.pk)
    return row, owners == {row.pk}
