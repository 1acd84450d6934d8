"""The screens of a station: connect, show a card, PIN, jobs. Each POST ends in a redirect: none repeats."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from django.views import View

from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.jobs.errors import JobError
from printmgmt.printing.models import PrintJob, Station
from printmgmt.printing.stations.errors import StationError, VisitOver
from printmgmt.printing.stations.managing import find_station, note_contact
from printmgmt.printing.stations.releasing import (
    actor_of,
    delete_waiting,
    find_waiting,
    release_waiting,
    waiting_jobs,
)
from printmgmt.printing.stations.visits import IDLE, Visit, begin_visit, continue_visit
from printmgmt.requests import client_address
from printmgmt.station_page.cookies import (
    STATION,
    VISIT,
    forget_language,
    forget_station,
    forget_visit,
    keep_language,
    keep_station,
    keep_visit,
    language_of,
    station_of,
)

SCREENS = ("start", "pin", "jobs")
"""Where another language can be chosen."""

SHOWN = 50
"""Jobs on the screen at most; more are printed or deleted by the buttons for all."""


@method_decorator(login_not_required, name="dispatch")
class StationView(View):
    """A screen of the station whose token the browser keeps; without one, the screen that asks for it."""

    station: Station

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        station = station_of(request)
        if station is None:
            return _disconnected(request)
        self.station = station
        note_contact(station, client_address(request))
        if language := language_of(request):
            translation.activate(language)
        try:
            response = super().dispatch(request, *args, **kwargs)
        except VisitOver as error:
            messages.info(request, str(error))
            response = redirect("station_page:start")
            forget_visit(response)
        response["Cache-Control"] = "no-store"
        return response

    def visit(self) -> Visit:
        """The visit that the cookie continues. Raises VisitOver: the first screen follows, and says so."""
        return continue_visit(self.station, self.request.COOKIES.get(VISIT, ""))

    def screen(self, template: str, **context: Any) -> HttpResponse:
        """Render a screen; it leads back to the first one after the time of a visit."""
        context = {
            "station": self.station,
            "screen": template,
            "idle_seconds": int(IDLE.total_seconds()),
            "languages": [
                (code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
            ],
            **context,
        }
        return render(self.request, f"station_page/{template}.html", context)

    def begin(self, **proof: str) -> HttpResponse:
        """Begin a visit and show the jobs; or say why not on the first screen."""
        try:
            visit = begin_visit(self.station, **proof)
        except StationError as error:
            messages.error(self.request, str(error))
            response = redirect("station_page:pin" if "pin" in proof else "station_page:start")
            forget_visit(response)
            return response
        response = redirect("station_page:jobs")
        keep_visit(response, visit)
        return response


def _disconnected(request: HttpRequest) -> HttpResponse:
    """Lead to the screen that asks for a token; one that is no longer valid is forgotten."""
    response = redirect("station_page:connect")
    if request.COOKIES.get(STATION):
        messages.warning(
            request, _("This station is no longer connected. Its token was replaced or removed.")
        )
        forget_station(response)
    return response


@method_decorator(login_not_required, name="dispatch")
class ConnectView(View):
    """Asks for the station's token, once."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = render(request, "station_page/connect.html")
        response["Cache-Control"] = "no-store"
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        token = request.POST.get("token", "").strip()
        if find_station(token) is None:
            messages.error(
                request, _("This is not the token of a station. Copy it again, or create a new one.")
            )
            return redirect("station_page:connect")
        response = redirect("station_page:start")
        keep_station(response, token)
        return response


class StartView(StationView):
    """Waits for a card. Whatever was shown before is over."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = self.screen("start")
        forget_visit(response)
        # Once a minute, so that the browser keeps it as long as the station is used.
        keep_station(response, request.COOKIES[STATION])
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.begin(card=request.POST.get("card", ""))


class PinView(StationView):
    """User name and PIN, for those without a card."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.screen("pin")

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.begin(
            user_name=request.POST.get("user_name", "").strip(), pin=request.POST.get("pin", "")
        )


class EndView(StationView):
    """*Done*: the next person sees nothing of this one."""

    def post(self, request: HttpRequest) -> HttpResponse:
        response = redirect("station_page:start")
        forget_visit(response)
        forget_language(response)
        return response


class LanguageView(StationView):
    """Another language for the person who stands there, on the screen that is open."""

    def post(self, request: HttpRequest) -> HttpResponse:
        screen = request.POST.get("screen", "")
        response = redirect(f"station_page:{screen if screen in SCREENS else 'start'}")
        if (language := request.POST.get("language", "")) in dict(settings.LANGUAGES):
            keep_language(response, language)
        return response


class JobsView(StationView):
    """What waits for the person."""

    def get(self, request: HttpRequest) -> HttpResponse:
        visit = self.visit()
        jobs = list(waiting_jobs(visit)[: SHOWN + 1])
        response = self.screen(
            "jobs",
            person=visit.person,
            jobs=jobs[:SHOWN],
            has_more=len(jobs) > SHOWN,
            uncollected_hours=self.station.organization.uncollected_hours,
        )
        keep_visit(response, visit)
        if language := language_of(request):
            keep_language(response, language)
        return response


class ActView(StationView):
    """Does something to one job, or to all that wait."""

    def post(self, request: HttpRequest, job: int | None = None) -> HttpResponse:
        visit = self.visit()
        by = actor_of(visit, request_id=getattr(request, "request_id", ""))
        done, refused = self.act_on(visit, job, lambda row: self.act(visit, row, by))
        if done:
            messages.success(request, self.done_words(done))
        for text in dict.fromkeys(refused):
            messages.error(request, text)
        response = redirect("station_page:jobs")
        keep_visit(response, visit)
        return response

    def act_on(
        self, visit: Visit, job: int | None, act: Callable[[PrintJob], object]
    ) -> tuple[int, list[str]]:
        """How many it was done to, and why not to the others. The oldest job comes first."""
        try:
            jobs = list(waiting_jobs(visit).reverse()) if job is None else [find_waiting(visit, job)]
        except StationError as error:
            return 0, [str(error)]
        done, refused = 0, []
        for row in jobs:
            try:
                act(row)
                done += 1
            except (StationError, JobError, IppError) as error:
                refused.append(str(error))
        return done, refused

    def act(self, visit: Visit, job: PrintJob, by: Any) -> None:
        """Do it. Raises StationError, JobError, IppError."""
        raise NotImplementedError("Subclasses must implement act()")

    def done_words(self, number: int) -> str:
        """What to say about so many jobs."""
        raise NotImplementedError("Subclasses must implement done_words()")


class ReleaseView(ActView):
    def act(self, visit: Visit, job: PrintJob, by: Any) -> None:
        release_waiting(visit, job, by=by)

    def done_words(self, number: int) -> str:
        return ngettext("Printing %(number)d job.", "Printing %(number)d jobs.", number) % {"number": number}


class DeleteView(ActView):
    def act(self, visit: Visit, job: PrintJob, by: Any) -> None:
        delete_waiting(job, by=by)

    def done_words(self, number: int) -> str:
        return ngettext("Deleted %(number)d job.", "Deleted %(number)d jobs.", number) % {"number": number}
