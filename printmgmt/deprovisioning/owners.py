"""Administrators who left as people and still have access: an owner has to say what becomes of it."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PersonState, PrintUser


def administrators_who_left(organization: Organization) -> list[Administrator]:
    """Whoever still opens the console though a leaving of theirs is not over; one query.

    ``last_owner`` on each says whether nobody else owns the organization.
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
    """What to tell of one of `administrators_who_left`, and what is to be done."""
    text = _("%(account)s has left and still opens this console") % {"account": administrator.account}
    if administrator.last_owner:  # type: ignore[attr-defined]  # annotated
        return text, _(
            "An organization needs an owner, so access was kept. Make somebody else an owner, then end it."
        )
    return text, _(
        "Role: %(role)s. Whoever ended the access to printing could not end this one. Only an owner can end "
        "it, or decide that it stays."
    ) % {"role": administrator.get_role_display()}
