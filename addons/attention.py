"""What needs a person now of add-ons that are gone: people whose access could not be ended."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from addons.disposition import Disposition
from addons.models import Uninstallation
from addons.names import name_of
from printmgmt.console.shell.extensions import Attention
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintUser

SHOWN = 5
"""People named one by one, of one add-on."""


def needs_of(organization: Organization) -> Iterator[Attention]:
    """Those who have not left since: people whom an administrator suspended or removed need nothing more."""
    rows = Uninstallation.objects.filter(installation__organization=organization).exclude(failed={})
    for order in rows.select_related("installation"):
        for person in left_of(order, organization)[:SHOWN]:
            names = {"person": person, "addon": name_of(order.installation)}
            yield Attention(
                _("%(person)s still has access: ending it failed when %(addon)s was uninstalled") % names,
                reverse("console:person", kwargs={"organization": organization.slug, "person": person.pk}),
                _("Remove the person by hand. If that fails, too, look into the server's log.")
                if order.people == Disposition.REMOVE
                else _("Suspend the person by hand. If that fails, too, look into the server's log."),
                urgent=True,
            )


def left_of(order: Uninstallation, organization: Organization) -> list[PrintUser]:
    """The people of an order who were given up and have kept their access since, by name."""
    people = PrintUser.objects.of(organization).filter(pk__in=list(order.failed), state=PersonState.ACTIVE)
    return [
        person
        for person in people.order_by("display_name_key", "user_name_key")
        if person.epoch == order.failed[str(person.pk)]
    ]
