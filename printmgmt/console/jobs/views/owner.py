"""*This is …*: an operator says whose a job is that is nobody's yet; and takes it back."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from printmgmt.console.jobs.views.changes import JobsChangeMixin
from printmgmt.console.jobs.words import DOUBTS
from printmgmt.console.shell import undo
from printmgmt.console.shell.filters import FilteredMixin
from printmgmt.console.shell.ids import ids_in
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.picking import PICK, SHOWN
from printmgmt.people.exceptions import PeopleError
from printmgmt.people.models import PrintUser
from printmgmt.printing.jobs.claims import Claim, Scope, claim_job, claim_scopes, undo_claim
from printmgmt.printing.jobs.errors import AlreadySomebodys, JobError, NoNameToClaim
from printmgmt.printing.models import PrintJob


class JobMixin(JobsChangeMixin):
    """A page about the ``job`` in the URL; 404 unless the organization has it."""

    @cached_property
    def job(self) -> PrintJob:
        jobs = PrintJob.objects.filter(organization=self.organization)
        return get_object_or_404(
            jobs.select_related("organization", "server", "printer", "person"), pk=self.kwargs["job"]
        )


@page("jobs/<int:job>/owner/", "console:job_owner")
class JobOwnerView(FilteredMixin, JobMixin, TemplateView):
    """A search among the people; each says what choosing them would do. Chosen by POST."""

    template_name = "console/jobs/owner.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        error: JobError | None = None
        if self.job.person is not None:
            error = AlreadySomebodys()
        elif not self.job.owner_key:
            error = NoNameToClaim()
        if error is None:
            return super().get(request, *args, **kwargs)
        messages.error(request, str(error))
        return self.back()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        job = self.job
        ids = ids_in(request.POST.getlist(PICK))
        person = PrintUser.objects.of(self.organization).filter(pk__in=ids).first()
        if person is None:
            messages.error(request, _("Choose a person. No changes were made."))
            return self.back()
        try:
            claim = claim_job(job, person, by=self.actor)
        except (JobError, PeopleError) as error:
            messages.error(request, str(error))
        else:
            self._show_message(claim, person)
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = PrintUser.objects.of(self.organization).live().order_by("display_name_key", "id")
        found = list((people.matching(self.search) if self.search else people)[: SHOWN + 1])
        return super().get_context_data(
            **kwargs,
            job=self.job,
            doubt=DOUBTS.get(self.job.doubt, ""),
            choices=list(self._choices(found[:SHOWN])),
            more=len(found) > SHOWN,
            back=self.back_url(),
        )

    def _choices(self, people: list[PrintUser]) -> Iterator[tuple[PrintUser, str]]:
        scopes = claim_scopes(self.job, people) if people else {}
        for person in people:
            yield person, self._consequence(scopes[person.pk])

    def _consequence(self, scope: Scope) -> str:
        if not scope.whole_name:
            return _(
                "Only this job is assigned: someone else has this name, or had it then. You can undo this."
            )
        text = ngettext(
            "%(count)d job named %(name)s is assigned, and so is every job that comes under this name from "
            "now on. You can undo this.",
            "Up to %(count)d jobs named %(name)s are assigned, and so is every job that comes under this "
            "name from now on. You can undo this.",
            scope.jobs,
        )
        return text % {"count": scope.jobs, "name": self.job.owner_text}

    def _show_message(self, claim: Claim, person: PrintUser) -> None:
        text = ngettext(
            "%(count)d job is now assigned to %(person)s.",
            "%(count)d jobs are now assigned to %(person)s.",
            claim.jobs,
        ) % {"count": claim.jobs, "person": person}
        if claim.alias is not None:
            name = _("They print as %(name)s from now on.") % {"name": self.job.owner_text}
            text = f"{text} {name}"
        where = {"organization": self.organization.slug, "job": self.job.pk}
        undo.success(
            self.request,
            text,
            undo_url=reverse("console:job_owner_undo", kwargs=where),
            undo_fields={"back": [self.back_url()]},
        )


@page("jobs/<int:job>/owner/undo/", "console:job_owner_undo")
class JobOwnerUndoView(JobMixin):
    """Takes back what *This is …* said of a job and of all jobs of its name (POST)."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            jobs = undo_claim(self.job, by=self.actor)
        except JobError as error:
            messages.error(request, str(error))
        else:
            text = ngettext(
                "%(count)d job is unassigned again.", "%(count)d jobs are unassigned again.", jobs
            )
            messages.success(request, text % {"count": jobs})
        return self.back()
