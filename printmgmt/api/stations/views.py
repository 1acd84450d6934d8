"""The endpoints that a release station calls."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from printmgmt.api.base import ApiView
from printmgmt.api.description import problems
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

JOB_PARAMETER: Final = OpenApiParameter("job", int, OpenApiParameter.PATH, description="`id` of a job")

VISIT_OVER: Final = "The visit is over: its time is up, or the person may not print any more."

ONE_JOB: Final = (
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)

Act = Callable[[PrintJob, Actor], object]


def answers(
    serializer: type[Serializer[Any]],
    *errors: HTTPStatus,
    status: HTTPStatus = HTTPStatus.OK,
    **when: str,
) -> dict[Any, Any]:
    """What an endpoint of stations answers, for its description."""
    return {status.value: serializer, **problems([HTTPStatus.UNAUTHORIZED, *errors], **when)}


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
    """Where the station stands. A program calls it to see whether its token works."""

    @extend_schema(operation_id="station", responses=answers(StationSerializer), summary="This station")
    def get(self, request: Request) -> Response:
        return Response(StationSerializer(self.station).data)


class VisitsView(StationView):
    """One person begins to use the station. Each answer has the next `visit`: send it as `Station-Visit`."""

    @extend_schema(
        operation_id="begin_visit",
        request=BeginVisitSerializer,
        responses=answers(
            VisitSerializer,
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.TOO_MANY_REQUESTS,
            status=HTTPStatus.CREATED,
            forbidden="No person who may print has this card, or this user name with this PIN.",
        ),
        summary="Begin a visit with a card, or with a user name and a PIN",
    )
    def post(self, request: Request) -> Response:
        body = BeginVisitSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        with refusals():
            visit = begin_visit(self.station, **body.validated_data)
        return Response(VisitSerializer(_shown(visit)).data, status=HTTPStatus.CREATED)


@extend_schema(parameters=[VISIT_PARAMETER])
class WaitingJobsView(StationView):
    """What waits for the person of the visit, the newest first, and never another person's."""

    @extend_schema(
        operation_id="waiting_jobs",
        responses=answers(VisitSerializer, HTTPStatus.FORBIDDEN, forbidden=VISIT_OVER),
        summary="The person's jobs that wait",
    )
    def get(self, request: Request) -> Response:
        return Response(VisitSerializer(_shown(self.visit(request))).data)

    @extend_schema(
        operation_id="delete_all_jobs",
        responses=answers(DoneSerializer, HTTPStatus.FORBIDDEN, forbidden=VISIT_OVER),
        summary="Delete all jobs that wait",
    )
    def delete(self, request: Request) -> Response:
        visit = self.visit(request)
        done = self.act(request, visit, waiting_jobs(visit), lambda job, by: delete_waiting(job, by=by))
        return Response(DoneSerializer(done).data)


@extend_schema(parameters=[VISIT_PARAMETER])
class ReleaseAllView(StationView):
    """The oldest job is printed first. What one job refuses does not stop the others."""

    @extend_schema(
        operation_id="release_all_jobs",
        request=None,
        responses=answers(DoneSerializer, HTTPStatus.FORBIDDEN, forbidden=VISIT_OVER),
        summary="Print all jobs that wait",
    )
    def post(self, request: Request) -> Response:
        visit = self.visit(request)
        # The oldest first, as they were sent.
        jobs = waiting_jobs(visit).reverse()
        done = self.act(request, visit, jobs, lambda job, by: release_waiting(visit, job, by=by))
        return Response(DoneSerializer(done).data)


@extend_schema(parameters=[VISIT_PARAMETER, JOB_PARAMETER])
class WaitingJobView(StationView):
    """One of the jobs that wait."""

    @extend_schema(
        operation_id="delete_job",
        responses=answers(DoneSerializer, *ONE_JOB, forbidden=VISIT_OVER),
        summary="Delete one job",
    )
    def delete(self, request: Request, job: int) -> Response:
        visit = self.visit(request)
        with refusals():
            found = find_waiting(visit, job)
            delete_waiting(found, by=actor_of(visit, request_id=getattr(request, "request_id", "")))
        return Response(DoneSerializer({**_shown(visit), "done": [job], "refused": []}).data)


@extend_schema(parameters=[VISIT_PARAMETER, JOB_PARAMETER])
class ReleaseOneView(StationView):
    """It is printed at the printer of the station, which must be on the same print server."""

    @extend_schema(
        operation_id="release_job",
        request=None,
        responses=answers(DoneSerializer, *ONE_JOB, forbidden=VISIT_OVER),
        summary="Print one job",
    )
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
