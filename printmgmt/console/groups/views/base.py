"""What every page about one group shares: the group, and the way back to its page."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.errors import Gone
from printmgmt.organizations.permissions import CHANGE_GROUPS
from printmgmt.people.exceptions import GroupGone, PeopleError
from printmgmt.people.members import groups_of
from printmgmt.people.models import PrintGroup


class GroupMixin(OrganizationMixin):
    """A page about the ``group`` in the URL; 404 unless the organization has one."""

    @cached_property
    def group(self) -> PrintGroup:
        found = self.groups().filter(pk=self.kwargs["group"]).first()
        if found is None:
            raise Gone(_("This group does not exist. It may have been deleted in the meantime."))
        return found

    def groups(self) -> QuerySet[PrintGroup]:
        """Where the group is looked for."""
        return groups_of(self.organization).select_related("organization")

    def group_url(self, view: str = "console:group") -> str:
        """The address of the group's page, or of another view that needs the group only."""
        return reverse(view, kwargs={"organization": self.organization.slug, "group": self.group.pk})

    def list_url(self) -> str:
        """The address of the list of groups."""
        return reverse("console:groups", kwargs={"organization": self.organization.slug})

    def gone(self, error: GroupGone) -> HttpResponse:
        """The answer when someone else was faster and the group has no page any more."""
        messages.error(self.request, str(error))
        return redirect(self.list_url())


class GroupChangeView(GroupMixin):
    """A change by a button (POST). An error of the services becomes a message on the group's page."""

    roles = CHANGE_GROUPS

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return redirect(self.change())
        except GroupGone as error:
            return self.gone(error)
        except PeopleError as error:
            messages.error(request, str(error))
        return redirect(self.group_url())

    def change(self) -> str:
        """Call the service, tell what happened, and return the address to go on at."""
        raise NotImplementedError("Subclasses must implement change()")
