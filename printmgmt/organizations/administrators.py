"""Changes roles and access of administrators. An organization always keeps an owner."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import AccessEnd, Administrator
from printmgmt.organizations.roles import Role


class AdministrationError(Exception):
    """A change of an administrator that is refused. ``str()`` is a translated sentence to show to people."""


class LastOwner(AdministrationError):
    """The change would leave the organization without an owner."""

    def __str__(self) -> str:
        return str(_("Every organization needs an owner. Make someone else an owner first."))


class NotAnOwner(AdministrationError):
    """The account that makes the change is not an owner any more."""

    def __str__(self) -> str:
        return str(_("Only an owner may change this."))


class NotOfOneself(AdministrationError):
    """An owner tried to decide about their own access; another owner must."""

    def __str__(self) -> str:
        return str(_("Another owner must decide this."))


class NothingToDecide(AdministrationError):
    """Nothing to change: someone else decided already, or access and role are as wanted."""

    def __str__(self) -> str:
        return str(_("Someone else has already decided this."))


class NoAccess(AdministrationError):
    """The administrator has no access any more, so the role cannot change."""

    def __str__(self) -> str:
        return str(_("This access ended in the meantime. Restore it first, then change the role."))


def may_give(giver: str, role: str) -> bool:
    """Whether an administrator with the role ``giver`` may assign ``role``. Only owners assign *owner*."""
    return giver == Role.OWNER or (giver == Role.ADMIN and role != Role.OWNER)


@transaction.atomic
def change_role(administrator: Administrator, role: Role, *, by: Administrator) -> Role:
    """Change the role of an administrator and return the previous role.

    Raises LastOwner, NotAnOwner, NoAccess when the access has ended, and NothingToDecide for the same role.
    """
    locked, last_owner = _locked(administrator, by)
    if locked.disabled_at:
        raise NoAccess
    if locked.role == role:
        raise NothingToDecide
    if last_owner and role != Role.OWNER:
        raise LastOwner
    before = Role(locked.role)
    locked.role = role
    locked.save(update_fields=["role"])
    return before


@transaction.atomic
def end_access(administrator: Administrator, *, by: Administrator) -> None:
    """End an administrator's access; the row stays, so that access can be restored.

    Raises LastOwner, NotAnOwner, and NothingToDecide when it had ended already.
    """
    locked, last_owner = _locked(administrator, by)
    if last_owner:
        raise LastOwner
    if locked.disabled_at:
        raise NothingToDecide
    locked.end(AccessEnd.OWNER, by=by.account.email, source="console")


@transaction.atomic
def return_access(administrator: Administrator, *, by: Administrator) -> None:
    """Restore the access of an administrator, with the same role.

    Raises NotAnOwner, and NothingToDecide when the access is open.
    """
    locked, _last = _locked(administrator, by)
    if locked.disabled_at is None:
        raise NothingToDecide
    locked.open()


@transaction.atomic
def decline_return(administrator: Administrator, *, by: Administrator) -> None:
    """Decide not to restore access that ended with a leaving. Owners are not asked again.

    Raises NotAnOwner, and NothingToDecide when the access is open or was ended by an owner.
    """
    locked, _last = _locked(administrator, by)
    if locked.disabled_at is None or locked.disabled_by_run is None:
        raise NothingToDecide
    locked.disabled_by_run = locked.return_pending_since = None
    locked.save(update_fields=["disabled_by_run", "return_pending_since"])


@transaction.atomic
def keep_access(administrator: Administrator, *, by: Administrator) -> None:
    """Decide that an administrator who left as a person keeps access. Another owner must decide it.

    Raises NotAnOwner, NotOfOneself, and NothingToDecide when nothing waits for this decision.
    """
    locked, _last = _locked(administrator, by)
    if locked.pk == by.pk:
        raise NotOfOneself
    if locked.kept_by_run is None:
        raise NothingToDecide
    locked.kept_by_run = None
    locked.save(update_fields=["kept_by_run"])


def locked_by_owner(administrator: Administrator, by: Administrator) -> Administrator:
    """Lock an administrator's row for a change by an owner, and return it. Raises NotAnOwner."""
    row, _last = _locked(administrator, by)
    return row


def _locked(administrator: Administrator, by: Administrator) -> tuple[Administrator, bool]:
    """Lock the row and those of all owners, by id; return it and whether it is the last owner."""
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
