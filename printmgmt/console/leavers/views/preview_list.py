"""Preview leaving for a list of people in a file, or typed. The list is read and forgotten."""

import base64
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from printmgmt.console.leavers.people_lists import UnreadableList, people_named, read_text
from printmgmt.console.leavers.previews import columns_of, trigger_of
from printmgmt.console.leavers.views.preview import LeavingPreviewView
from printmgmt.console.shell.export import csv_response
from printmgmt.console.shell.leaving_totals import total_lines
from printmgmt.console.shell.lists import PAGE
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.paging import page_of
from printmgmt.deprovisioning.models import Trigger
from printmgmt.deprovisioning.preview import LeavingPreview, preview_leaving
from printmgmt.organizations.permissions import LOOK
from printmgmt.people.models import PrintUser

SHOWN_LINES = 100
"""Lines that name nobody, or several people, that are listed."""


class PeopleListForm(forms.Form):
    """A file or typed lines; exactly what is sent is read, once."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("CSV or text, at most 1 MB and 10,000 lines."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste a list"),
        required=False,
        help_text=gettext_lazy("One user name, email address or employee number in each line."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    trigger = forms.ChoiceField(
        label=gettext_lazy("Leaving"),
        choices=(
            (Trigger.SUSPENDED.value, gettext_lazy("If suspended")),
            (Trigger.REMOVED.value, gettext_lazy("If removed")),
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        try:
            values["list"] = read_text(values["file"].read()) if values["file"] else values["text"]
        except UnreadableList as error:
            self.add_error("file", str(error))
        else:
            if not values["list"].strip():
                self.add_error("file", _("Choose a file, or paste a list."))
        return values


@page("leavers/preview/list/", "console:leaving_preview_list")
class LeavingPreviewListView(OrganizationMixin, FormView[PeopleListForm]):
    """The pages of an answer send the ids of its people back, since nothing of the list is kept."""

    template_name = "console/leavers/preview_list.html"
    form_class = PeopleListForm
    roles = LOOK

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "label_suffix": ""}

    # A download is no HttpResponse, as the stubs want.
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if "people" not in request.POST:
            return super().post(request, *args, **kwargs)
        preview = self._preview(unpacked(request.POST["people"]), request.POST.get("trigger", ""))
        if request.POST.get("export") == "csv":
            columns = columns_of(LeavingPreviewView.csv, preview.effects)
            return csv_response(preview.people, columns, name="leaving-preview")
        return self._shown(preview, request.POST["people"])

    def form_valid(self, form: PeopleListForm) -> HttpResponse:
        try:
            named = people_named(self.organization, form.cleaned_data["list"])
        except UnreadableList as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        preview = self._preview(named.people, form.cleaned_data["trigger"])
        problems = [
            (_("These lines name nobody here"), named.unknown),
            (_("These lines fit several people, and were left out"), named.ambiguous),
        ]
        return self._shown(
            preview,
            packed(named.people),
            problems=[(title, lines[:SHOWN_LINES], len(lines)) for title, lines in problems if lines],
            left_already=len(named.people) - preview.number,
        )

    def _preview(self, people: Iterable[UUID], trigger: str) -> LeavingPreview:
        asked = PrintUser.objects.of(self.organization).filter(pk__in=list(people))
        return preview_leaving(
            asked.order_by("display_name_key", "id"), trigger_of(trigger), by=self.administrator
        )

    def _shown(self, preview: LeavingPreview, people: str, **more: Any) -> HttpResponse:
        paged = page_of(Paginator(preview.people, PAGE), preview.people, self.request.POST.get("page"))
        columns = columns_of(LeavingPreviewView.columns, preview.effects)
        return self.render_to_response(
            self.get_context_data(
                **more,
                form=PeopleListForm(label_suffix=""),
                preview=preview,
                totals=total_lines(preview),
                read_at=preview.read_at,
                page_obj=paged,
                columns=columns,
                rows=list(paged.object_list),
                people=people,
                trigger=preview.plan.trigger,
            )
        )


def packed(people: Iterable[UUID]) -> str:
    """Return ids as text that a form can send back: 22 characters each."""
    return base64.urlsafe_b64encode(b"".join(pk.bytes for pk in sorted(people))).decode()


def unpacked(text: str) -> list[UUID]:
    """Return the ids of such a text; none of one that is something else."""
    try:
        content = base64.urlsafe_b64decode(text.encode())
    except (ValueError, UnicodeEncodeError):
        return []
    whole = len(content) // 16 * 16
    return [UUID(bytes=content[start : start + 16]) for start in range(0, whole, 16)]
