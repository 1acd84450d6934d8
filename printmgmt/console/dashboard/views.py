"""The first page of an organization: what needs a person, who is here, who left last."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from printmgmt.console.printers.figures import printing_figures
from printmgmt.console.secure_release.attention import release_queues_in_need
from printmgmt.console.shell.extensions import Attention, extensions
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import Menu, page
from printmgmt.deprovisioning.models import DeprovisionRun, RunState
from printmgmt.deprovisioning.owners import administrators_who_left, left_words
from printmgmt.deprovisioning.still_holding.things import Kind, people_holding, without_step_ahead
from printmgmt.organizations.leavers import waiting_for_return
from printmgmt.organizations.models import Administrator
from printmgmt.organizations.permissions import ADMINISTER, CHANGE_SETTINGS, INVITE, LOOK
from printmgmt.people.models import SHOWN_AS, PrintUser, ShownState

LAST_LEAVERS = 5


@page("", "console:dashboard", menu=Menu(gettext_lazy("Dashboard"), "layout-dashboard", 10, alone=True))
class DashboardView(OrganizationMixin, TemplateView):
    template_name = "console/dashboard/dashboard.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = self._people()
        printing = printing_figures(self.organization)
        runs = DeprovisionRun.objects.filter(organization=self.organization)
        return super().get_context_data(
            **kwargs,
            people=people,
            runs=runs.aggregate(
                attention=Count("pk", filter=Q(state=RunState.ATTENTION)),
                waiting=Count("pk", filter=Q(state=RunState.WAITING)),
                working=Count("pk", filter=Q(state=RunState.WORKING)),
                settled=Count("pk", filter=Q(state=RunState.SETTLED)),
            ),
            last_runs=self._last_leavers(),
            needs=[
                *self._administrators(),
                *self._still_holding(),
                *self._servers(printing.unread),
                *release_queues_in_need(self.organization),
                *extensions.attention(self.organization),
                *self._allowed(people["allowed"]),
                *self._seats(people["active"]),
            ],
            printing=printing,
            tiles=extensions.dashboard_tiles(self.organization),
        )

    def _people(self) -> dict[str, int]:
        """Return the number of people in each state that the page shows."""
        shown = (ShownState.ACTIVE, ShownState.ALLOWED, ShownState.SUSPENDED, ShownState.BLOCKED)
        counts = {str(state): Count("pk", filter=SHOWN_AS[state]) for state in shown}
        return PrintUser.objects.of(self.organization).live().aggregate(**counts)

    def _last_leavers(self) -> QuerySet[DeprovisionRun]:
        """The runs of absences that last: of each person who is gone the present one."""
        present = DeprovisionRun.objects.filter(
            organization=self.organization, epoch=F("person__epoch"), person__merged_into__isnull=True
        )
        return present.select_related("person").order_by("-cut_at", "-id")[:LAST_LEAVERS]

    def _administrators(self) -> Iterator[Attention]:
        """Who left and still has access, for those who may look there; for owners, who is back."""
        role = self.administrator.role
        if role not in INVITE:
            return
        for left in administrators_who_left(self.organization):
            text, note = left_words(left)
            yield Attention(text, self._administrator_url(left), note, "shield-lock", urgent=True)
        if role not in ADMINISTER:
            return
        for back in waiting_for_return(self.organization):
            text = _("%(account)s can print again. Restore console access?") % {"account": back.account}
            note = _("Their console access ended when they left and is not restored automatically.")
            yield Attention(text, self._administrator_url(back), note, "shield-lock")

    def _administrator_url(self, administrator: Administrator) -> str:
        where = {"organization": self.organization.slug, "administrator": administrator.pk}
        return reverse("console:administrator", kwargs=where)

    def _still_holding(self) -> Iterator[Attention]:
        """People who left and hold something that no step will end; console access has its own lines."""
        kinds = [kind for kind in Kind if kind != Kind.CONSOLE]
        holding = people_holding(self.organization, without_step_ahead, kinds)
        number = PrintUser.objects.of(self.organization).filter(holding).count()
        if not number:
            return
        text = ngettext(
            "%(count)d person who left still holds something",
            "%(count)d people who left still hold something",
            number,
        ) % {"count": number}
        note = _("A working card, PIN or device, or a print job that no step will end.")
        url = reverse("console:still_holding", kwargs={"organization": self.organization.slug})
        yield Attention(text, f"{url}?why=action", note, "id-badge-2", urgent=True)

    def _allowed(self, number: int) -> Iterator[Attention]:
        """People who may print although the directory has them disabled; they must not be forgotten."""
        if not number:
            return
        text = ngettext(
            "%(count)d person is disabled in the directory but allowed here",
            "%(count)d people are disabled in the directory but allowed here",
            number,
        ) % {"count": number}
        url = reverse("console:people", kwargs={"organization": self.organization.slug})
        note = _(
            "They can print until the directory disables them again, or until someone ends the exception."
        )
        yield Attention(text, f"{url}?state={ShownState.ALLOWED}", note, "user-exclamation")

    def _servers(self, unread: int) -> Iterator[Attention]:
        """Print servers that cannot be read: nobody knows what happens there."""
        if not unread:
            return
        text = ngettext(
            "%(count)d print server cannot be read", "%(count)d print servers cannot be read", unread
        ) % {"count": unread}
        note = _("Its printers and jobs are shown as they were last read.")
        url = reverse("console:print_servers", kwargs={"organization": self.organization.slug})
        yield Attention(text, url, note, "server-off", urgent=True)

    def _seats(self, used: int) -> Iterator[Attention]:
        """More active people than seats, for managers: people who come back are never rejected."""
        seats = self.organization.seats
        if seats is None or used <= seats or self.administrator.role not in CHANGE_SETTINGS:
            return
        text = _("%(used)d of %(seats)d seats are used") % {"used": used, "seats": seats}
        note = _("People who return always get a seat. Nobody new can be added until seats are free.")
        url = reverse("console:settings", kwargs={"organization": self.organization.slug})
        yield Attention(text, url, note, "users")
