"""A removed person is anonymized now, before the retention period is over."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import FormView

from printmgmt.console.people.forms.anonymise import AnonymiseForm
from printmgmt.console.people.marks import hold_of
from printmgmt.console.people.views.base import PersonMixin
from printmgmt.console.shell.pages import page
from printmgmt.deprovisioning.exceptions import LeavingError
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.deprovisioning.retention.anonymising import anonymise, why_kept
from printmgmt.organizations.permissions import ERASE_HISTORY
from printmgmt.printing.models import PrintJob


@page("people/<uuid:person>/anonymize/", "console:person_anonymise")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class AnonymiseView(PersonMixin, FormView[AnonymiseForm]):
    """What is erased and what stays, and the form; or why the person cannot be anonymized now."""

    template_name = "console/people/anonymise.html"
    form_class = AnonymiseForm
    roles = ERASE_HISTORY

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ids = self.person.row_ids
        runs = DeprovisionRun.objects.filter(person__in=ids)
        return super().get_context_data(
            **kwargs,
            person=self.person,
            kept=why_kept(self.person),
            hold=hold_of(self.person),
            jobs=PrintJob.objects.filter(person__in=ids).count(),
            runs=runs.count(),
        )

    def form_valid(self, form: AnonymiseForm) -> HttpResponse:
        try:
            done = anonymise(self.person, by=self.actor, **form.cleaned_data)
        except LeavingError as error:
            messages.error(self.request, str(error))
        else:
            # Without the name: messages are stored until they are shown.
            text = _("The person was anonymized.") if done else _("The person was anonymized before.")
            messages.success(self.request, text)
        return redirect(self.person_url())
