"""The endpoints that a release station calls."""

from collections.abc import Callable, Iterable
from typing import Any, Final, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from printmgmt.api.base import ApiView
from printmgmt.api.stations.authentication import StationAuthentication
from printmgmt.api.stations.problems import refusals
from printmgmt.api.stations.serializers import (
    BeginVisitSerializer,
    DoneSerializer,
    StationSerializer,
    VisitSerializer,
)
from printmgmt.audit.actors import Actor
from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.jobs.errors import JobError
from printmgmt.printing.models import PrintJob, Station
from printmgmt.printing.stations.errors import StationError
from printmgmt.printing.stations.releasing import (
    actor_of,
    delete_waiting,
    find_waiting,
    release_waiting,
    waiting_jobs,
)
from printmgmt.printing.stations.visits import IDLE, Visit, begin_visit, continue_visit

VISIT_HEADER: Final = "Station-Visit"

VISIT_PARAMETER: Final = OpenApiParameter(
    VISIT_HEADER, str, OpenApiParameter.HEADER, required=True, description="`visit` of the last answer"
)

Act = Callable[[PrintJob, Actor], object]


class StationView(ApiView):
    """An endpoint for stations."""

    authentication_classes = (StationAuthentication,)

    @property
    def station(self) -> Station:
        """The station that calls."""
        return cast(Station, self.request.auth)

    def visit(self, request: Request) -> Visit:
        """The visit that the header continues. Raises Refused."""
        with refusals():
            return continue_visit(self.station, request.headers.get(VISIT_HEADER, ""))

    def act(self, request: Request, visit: Visit, jobs: Iterable[PrintJob], act: Act) -> dict[str, Any]:
        """Do the same to each job; what one refuses does not stop the others."""
        by = actor_of(visit, request_id=getattr(request, "request_id", ""))
        done, refused = [], []
        for job in jobs:
            try:
                act(job, by)
                done.append(job.pk)
            except (StationError, JobError, IppError) as error:
                refused.append({"id": job.pk, "detail": str(error)})
        return {**_shown(visit), "done": done, "refused": refused}


class StationDetailView(StationView):
    @extend_schema(responses=StationSerializer, summary="This station")
    def get(self, request: Request) -> Response:
        return Response(StationSerializer(self.station).data)


class VisitsView(StationView):
    @extend_schema(
        request=BeginVisitSerializer,
        responses={201: VisitSerializer},
        summary="Begin a visit with a card, or with a user name and a PIN",
    )
    def post(self, request: Request) -> Response:
        body = BeginVisitSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        with refusals():
            visit = begin_visit(self.station, **body.validated_data)
        return Response(VisitSerializer(_shown(visit)).data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[VISIT_PARAMETER])
class WaitingJobsView(StationView):
    @extend_schema(responses=VisitSerializer, summary="The person's jobs that wait")
    def get(self, request: Request) -> Response:
        return Response(VisitSerializer(_shown(self.visit(request))).data)

    @extend_schema(responses=DoneSerializer, summary="Delete all jobs that wait")
    def delete(self, request: Request) -> Response:
        visit = self.visit(request)
        done = self.act(request, visit, waiting_jobs(visit), lambda job, by: delete_waiting(job, by=by))
        return Response(DoneSerializer(done).data)


@extend_schema(parameters=[VISIT_PARAMETER])
class ReleaseAllView(StationView):
    @extend_schema(request=None, responses=DoneSerializer, summary="Print all jobs that wait")
    def post(self, request: Request) -> Response:
        visit = self.visit(request)
        # The oldest first, as they were sent.
        jobs = waiting_jobs(visit).reverse()
        done = self.act(request, visit, jobs, lambda job, by: release_waiting(visit, job, by=by))
        return Response(DoneSerializer(done).data)


@extend_schema(parameters=[VISIT_PARAMETER])
class WaitingJobView(StationView):
    @extend_schema(responses=DoneSerializer, summary="Delete one job")
    def delete(self, request: Request, job: int) -> Response:
        visit = self.visit(request)
        with refusals():
            found = find_waiting(visit, job)
            delete_waiting(found, by=actor_of(visit, request_id=getattr(request, "request_id", "")))
        return Response(DoneSerializer({**_shown(visit), "done": [job], "refused": []}).data)


@extend_schema(parameters=[VISIT_PARAMETER])
class ReleaseOneView(StationView):
    @extend_schema(request=None, responses=DoneSerializer, summary="Print one job")
    def post(self, request: Request, job: int) -> Response:
        visit = self.visit(request)
        with refusals():
            found = find_waiting(visit, job)
            by = actor_of(visit, request_id=getattr(request, "request_id", ""))
            release_waiting(visit, found, by=by)
        return Response(DoneSerializer({**_shown(visit), "done": [job], "refused": []}).data)


def _shown(visit: Visit) -> dict[str, Any]:
    return {
        "visit": visit.token(),
        "expires_in": int(IDLE.total_seconds()),
        "person": visit.person,
        "jobs": waiting_jobs(visit),
    }
