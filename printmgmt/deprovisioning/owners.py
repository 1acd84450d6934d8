"""The last owner of an organization keeps access when they leave: somebody must end it by hand."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PersonState, PrintUser


def owners_who_left(organization: Organization) -> list[Administrator]:
    """The owners whose account still opens the console though they left as people; one query."""
    people = PrintUser.objects.of(organization).unmerged()
    themselves = people.filter(
        Q(user_name_key=OuterRef("account__email")) | Q(work_email_key=OuterRef("account__email"))
    )
    gone, here = themselves.exclude(state=PersonState.ACTIVE), themselves.filter(state=PersonState.ACTIVE)
    owners = organization.administrators.active().filter(Exists(gone), ~Exists(here), role=Role.OWNER)
    return list(owners.select_related("account").order_by("account__email"))


def left_owner_words(owner: Administrator) -> tuple[str, str]:
    """What to tell of one of them, and what is to be done."""
    return (
        _("%(account)s has left and still opens this console") % {"account": owner.account},
        _("An organization needs an owner, so access was kept. Make somebody else an owner, then end it."),
    )
