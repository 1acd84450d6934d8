"""Administrators who left as people and still have console access, until an owner decides."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PersonState, PrintUser


def administrators_who_left(organization: Organization) -> list[Administrator]:
    """Return administrators who have left as people but still have console access. One query.

    ``last_owner`` on each is true when the organization has no other owner.
    """
    people = PrintUser.objects.of(organization).unmerged()
    themselves = people.filter(
        Q(user_name_key=OuterRef("account__email")) | Q(work_email_key=OuterRef("account__email"))
    )
    here = themselves.filter(state=PersonState.ACTIVE)
    present = organization.administrators.active()
    other_owners = present.filter(role=Role.OWNER).exclude(pk=OuterRef("pk"))
    rows = present.filter(~Exists(here), kept_by_run__isnull=False)
    rows = rows.annotate(last_owner=Q(role=Role.OWNER) & ~Exists(other_owners))
    return list(rows.select_related("account").order_by("account__email"))


def left_words(administrator: Administrator) -> tuple[str, str]:
    """Return a title and what to do, for one of `administrators_who_left`."""
    text = _("%(account)s left but still has console access") % {"account": administrator.account}
    if administrator.last_owner:  # type: ignore[attr-defined]  # annotated
        return text, _(
            "Access was kept because an organization needs an owner. Make someone else an owner, then end it."
        )
    return text, _(
        "Role: %(role)s. The person who ended print access may not end console access. Only an owner can "
        "end it or keep it."
    ) % {"role": administrator.get_role_display()}
