"""What every page about one person shares: the person, and the way back to their page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from printmgmt.console.shell import undo
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.deprovisioning.exceptions import LeavingError
from printmgmt.organizations.permissions import SUSPEND_PEOPLE
from printmgmt.people.exceptions import PeopleError
from printmgmt.people.models import PrintUser


class PersonMixin(OrganizationMixin):
    """A page about the ``person`` in the URL; 404 unless the organization has one."""

    @cached_property
    def person(self) -> PrintUser:
        people = PrintUser.objects.of(self.organization).select_related("organization")
        return get_object_or_404(people, pk=self.kwargs["person"])

    def person_url(self, view: str = "console:person") -> str:
        """The address of the person's page, or of another view that needs the person only."""
        return reverse(view, kwargs={"organization": self.organization.slug, "person": self.person.pk})


class PersonChangeView(PersonMixin):
    """A change by a button (POST). An error of the services becomes a message on the person's page."""

    roles = SUSPEND_PEOPLE

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.change()
        except (PeopleError, LeavingError) as error:
            messages.error(request, str(error))
        return redirect(self.person_url())

    def change(self) -> None:
        """Call the service and tell what happened."""
        raise NotImplementedError("Subclasses must implement change()")

    def done(self, text: str, *, undo_view: str = "") -> None:
        """Tell what was done; ``undo_view`` names the view of this person that takes it back."""
        undo.success(
            self.request,
            text,
            undo_url=self.person_url(undo_view) if undo_view else "",
            # So that an Undo takes back this, and nothing that someone else does after it.
            undo_fields={"epoch": [self.person.epoch]},
        )
