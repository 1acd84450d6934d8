"""/Bulk (RFC 7644 §3.7): many writes in one request, each done or refused as if it came alone."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final, cast

from rest_framework.request import Request
from rest_framework.response import Response
from scim2_server.bulk import BulkStep

from scim_sync.api.base import ScimView
from scim_sync.api.exceptions import scim_response
from scim_sync.api.logbook import STATUSES, LoggedRequest, log_outcome, log_refusal
from scim_sync.api.writing import perform
from scim_sync.credentials.calls import Call
from scim_sync.credentials.tokens import tenant_url
from scim_sync.protocol.attributes import GROUP, USER
from scim_sync.protocol.bulk import BulkJob, Operation, Result
from scim_sync.protocol.limits import MAX_BULK_BODY_BYTES
from scim_sync.services import groups, users
from scim_sync.services.outcomes import Outcome, Preconditions

KINDS: Final = {"Users": USER, "Groups": GROUP}
CREATE: Final[dict[str, Callable[..., Outcome]]] = {"Users": users.create_user, "Groups": groups.create_group}
CHANGE: Final[dict[tuple[str, str], Callable[..., Outcome]]] = {
    ("PUT", "Users"): users.replace_user,
    ("PUT", "Groups"): groups.replace_group,
    ("PATCH", "Users"): users.patch_user,
    ("PATCH", "Groups"): partial(groups.patch_group, shows_members=False),
}
DELETE: Final[dict[str, Callable[..., Outcome]]] = {"Users": users.delete_user, "Groups": groups.delete_group}


class BulkView(ScimView):
    """Each operation is a transaction with an event of its own; all share the request id."""

    http_method_names = ["post"]
    max_body_bytes = MAX_BULK_BODY_BYTES

    def post(self, request: Request, **kwargs: Any) -> Response:
        job = BulkJob(cast(dict[str, Any], request.data))
        for step in job.plan:
            job.record(step, self._run(job, step))
        return Response(job.response())

    def _run(self, job: BulkJob, step: BulkStep) -> Result:
        """Perform one operation. Never raises, so that the next one is tried."""
        logged, location = replace(self.logged_request, body=job.given(step)), None
        try:
            operation = job.request_of(step)
            logged = self._logged(operation)
            location = self._location_of(operation)

            def work() -> Result:
                outcome = _performed(self.call, operation)
                result = _result(operation, outcome, location)
                log_outcome(logged, self.call, outcome, job.answer(step, result))
                return result

            return perform(self.call, work)
        except Exception as exc:
            response = scim_response(exc, {"request": self.request})
            log_refusal(logged, self.call, exc, response)
            return Result(response.status_code, location=location, error=response.data)

    def _logged(self, operation: Operation) -> LoggedRequest:
        """The operation as the log keeps it: its path below this request's, the same request id."""
        logged = self.logged_request
        path = "/".join((logged.path.rstrip("/"), operation.endpoint, operation.resource_id))
        return replace(
            logged,
            method=operation.method,
            path=path.rstrip("/"),
            body=operation.data,
            kind=KINDS[operation.endpoint],
            resource_id=operation.resource_id,
        )

    def _location_of(self, operation: Operation) -> str | None:
        if not operation.resource_id:
            return None
        return f"{tenant_url(self.call.installation)}/{operation.endpoint}/{operation.resource_id}"


def _performed(call: Call, operation: Operation) -> Outcome:
    endpoint, data = operation.endpoint, operation.data
    if operation.method == "POST":
        return CREATE[endpoint](call, data)
    conditions = Preconditions(if_match=operation.version)
    if operation.method == "DELETE":
        return DELETE[endpoint](call, operation.resource_id, conditions)
    return CHANGE[operation.method, endpoint](call, operation.resource_id, data, conditions)


def _result(operation: Operation, outcome: Outcome, location: str | None) -> Result:
    status, resource = STATUSES[operation.method], outcome.resource
    if operation.method == "DELETE":
        return Result(status, location=location)
    return Result(status, outcome.location, resource["meta"]["version"], resource_id=resource["id"])
