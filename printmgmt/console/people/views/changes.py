"""A person added by hand, and edited where no directory owns the fields."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

from printmgmt.console.people.actions import is_editable
from printmgmt.console.people.forms.person import PersonForm, initial_of
from printmgmt.console.people.views.base import PersonMixin
from printmgmt.console.shell.extensions import extensions
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.seen import is_stale
from printmgmt.organizations.permissions import EDIT_PEOPLE
from printmgmt.people.exceptions import InvalidName, SeatLimitReached, UserNameTaken
from printmgmt.people.services import create_person, lock_person, update_person
from printmgmt.people.states import current_state_words


@page("people/add/", "console:person_add")
class PersonAddView(OrganizationMixin, FormView[PersonForm]):
    """A person no directory knows: made here, kept here, and linked if a directory brings the same name."""

    template_name = "console/people/add.html"
    form_class = PersonForm
    roles = EDIT_PEOPLE

    def form_valid(self, form: PersonForm) -> HttpResponse:
        try:
            person = create_person(self.organization, by=self.actor, **form.cleaned_data)
        except UserNameTaken as error:
            form.add_error("user_name", str(error))
        except (InvalidName, SeatLimitReached) as error:
            form.add_error(None, str(error))
        else:
            messages.success(self.request, _("%(person)s was added.") % {"person": person})
            where = {"organization": self.organization.slug, "person": person.pk}
            return redirect(reverse("console:person", kwargs=where))
        return self.form_invalid(form)


@page("people/<uuid:person>/edit/", "console:person_edit")
class PersonEditView(PersonMixin, FormView[PersonForm]):
    """The fields that no directory owns; the others are shown locked, and stay so whatever is posted."""

    template_name = "console/people/edit.html"
    form_class = PersonForm
    roles = EDIT_PEOPLE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if is_editable(self.person) else self._refused()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Locked before the form is built: what it locks is then still true when it is saved.
        with transaction.atomic():
            lock_person(self.person)
            return super().post(request, *args, **kwargs) if is_editable(self.person) else self._refused()

    def get_form_kwargs(self) -> dict[str, Any]:
        owned = extensions.owned_fields(self.person)
        return {**super().get_form_kwargs(), "initial": initial_of(self.person), "owned": owned}

    def form_valid(self, form: PersonForm) -> HttpResponse:
        if is_stale(form):
            return self.form_invalid(form)
        try:
            with transaction.atomic():
                changes = update_person(self.person, form.changes(), by=self.actor)
        except UserNameTaken as error:
            form.add_error("user_name", str(error))
        except InvalidName as error:
            form.add_error(None, str(error))
        else:
            text = _("The details of %(person)s were changed.") if changes else _("No changes were made.")
            messages.success(self.request, text % {"person": self.person})
            return redirect(self.person_url())
        self.person.refresh_from_db()
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, person=self.person)

    def _refused(self) -> HttpResponse:
        text = _("Nothing here can be changed in the console.")
        if self.person.removed_at:
            text = _("No changes were made: %(now)s") % {"now": current_state_words(self.person)}
        messages.info(self.request, text)
        return redirect(self.person_url())
