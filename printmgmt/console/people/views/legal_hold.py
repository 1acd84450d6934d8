"""A legal hold is set or lifted, with a reason."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView

from printmgmt.console.people.forms.legal_hold import LegalHoldForm
from printmgmt.console.people.views.base import PersonMixin
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import HOLD_HISTORY
from printmgmt.people.legal_hold import lift_legal_hold, set_legal_hold


class _LegalHoldView(PersonMixin, FormView[LegalHoldForm]):
    """A form with reason and ticket; what changed in the meantime is said on the person's page."""

    template_name = "console/people/legal_hold.html"
    form_class = LegalHoldForm
    roles = HOLD_HISTORY

    lifts = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, person=self.person, lifts=self.lifts)

    def form_valid(self, form: LegalHoldForm) -> HttpResponse:
        change = lift_legal_hold if self.lifts else set_legal_hold
        if not change(self.person, by=self.actor, **form.cleaned_data):
            messages.info(self.request, _("Nothing changed."))
        elif self.lifts:
            messages.success(
                self.request, _("The legal hold on %(person)s was lifted.") % {"person": self.person}
            )
        else:
            messages.success(self.request, _("%(person)s is on legal hold.") % {"person": self.person})
        return redirect(self.person_url())


@page("people/<uuid:person>/legal-hold/", "console:person_hold")
class SetLegalHoldView(_LegalHoldView):
    """Keep a person's history until the hold is lifted."""


@page("people/<uuid:person>/legal-hold/lift/", "console:person_hold_lift")
class LiftLegalHoldView(_LegalHoldView):
    """Let retention apply to a person again."""

    lifts = True
