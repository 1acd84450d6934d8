"""Bulk (RFC 7644 §3.7): orders the operations of one body and collects their results."""

from dataclasses import dataclass
from typing import Any, Final

from scim2_models import BulkOperation, BulkResponse, Resource
from scim2_models import SCIMException as LibraryException
from scim2_server.bulk import BulkPlan, BulkStep

from scim_sync.protocol.errors import InvalidPath, InvalidSyntax, InvalidValue, PayloadTooLarge, shown
from scim_sync.protocol.library_errors import from_library
from scim_sync.protocol.limits import MAX_BULK_OPERATIONS
from scim_sync.protocol.schemas.models import model_of

_Planned: Final[Any] = BulkOperation.__class_getitem__(
    model_of("User")
)  # the library requires a type; any will do
_METHODS: Final = {method.value: method for method in BulkOperation.Method}
_ENDPOINTS: Final = {name.lower(): name for name in ("Users", "Groups")}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as a request. `endpoint` is Users or Groups; `id` is "" for a POST."""

    method: str
    endpoint: str
    resource_id: str
    version: str | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one operation. `resource_id` is set if it created a resource."""

    status: int
    location: str | None = None
    version: str | None = None
    error: dict[str, Any] | None = None
    resource_id: str | None = None


class BulkJob:
    """The operations of a Bulk request, in an order in which references can be resolved.

    An operation that cannot be read fails alone, in `request_of`. Raises InvalidSyntax, InvalidValue or
    PayloadTooLarge if the whole body is invalid.
    """

    def __init__(self, body: dict[str, Any]) -> None:
        members = {name.lower(): value for name, value in body.items()}
        given = members.get("operations")
        if not isinstance(given, list):
            raise InvalidSyntax("Operations: a list of operations is needed")
        if len(given) > MAX_BULK_OPERATIONS:
            raise PayloadTooLarge(f"Operations: {len(given)} are given, {MAX_BULK_OPERATIONS} are accepted")
        self._given = [_members_of(operation) for operation in given]
        self.plan = BulkPlan(
            [_for_plan(operation) for operation in self._given], _fail_on_errors(members.get("failonerrors"))
        )

    def given(self, step: BulkStep) -> dict[str, Any]:
        """Return the operation of a step as it was sent, with names in lower case."""
        return self._given[step.index]

    def request_of(self, step: BulkStep) -> Operation:
        """Return the request of a step, with references resolved to ids created so far. Raises ScimError."""
        given = self._given[step.index]
        method = given.get("method")
        if not isinstance(method, str) or method.upper() not in _METHODS:
            raise InvalidSyntax(f"method: {shown(method)} is none of {', '.join(_METHODS)}")
        method = method.upper()
        if method == "POST" and not _text(given, "bulkid"):
            raise InvalidSyntax("bulkId: is required for a POST")
        try:
            operation = self.plan.resolve(step)
        except LibraryException as exc:
            raise from_library(exc) from None
        endpoint, resource_id = _target(method, operation.path)
        data: Any = operation.data
        if method != "DELETE" and not isinstance(data, dict):
            raise InvalidSyntax(f"data: an object is needed, not {shown(data)}")
        return Operation(method, endpoint, resource_id, _text(given, "version"), data or {})

    def answer(self, step: BulkStep, result: Result) -> dict[str, Any]:
        """Return the entry of a step in the response."""
        given = self._given[step.index]
        method, bulk_id = given.get("method"), _text(given, "bulkid")
        answer: dict[str, Any] = {
            "method": method.upper() if isinstance(method, str) else shown(method),
            "bulkId": bulk_id,
            "version": result.version,
            "location": result.location,
            "response": result.error,
            "status": str(result.status),
        }
        return {name: value for name, value in answer.items() if value is not None}

    def record(self, step: BulkStep, result: Result) -> None:
        """Save the result of a step, so that later steps can refer to the resource it created."""
        made: Resource[Any] = Resource.model_construct(id=result.resource_id)
        noted = {"bulk_id": _text(self._given[step.index], "bulkid"), "status": result.status}
        self.plan.record(step, self.answer(step, result) | noted, made)

    def response(self) -> dict[str, Any]:
        """Return the BulkResponse: the results of the operations that ran, in the order of the request."""
        operations = []
        for outcome in self.plan.outcomes():
            del outcome["bulk_id"]
            operations.append({**outcome, "status": str(outcome["status"])})
        return {"schemas": [str(BulkResponse.__schema__)], "Operations": operations}


def _members_of(operation: Any) -> dict[str, Any]:
    return {name.lower(): value for name, value in operation.items()} if isinstance(operation, dict) else {}


def _for_plan(given: dict[str, Any]) -> Any:
    """Return an operation for the plan, not validated, so that an invalid one fails alone later."""
    method = given.get("method")
    return _Planned.model_construct(
        method=_METHODS.get(method.upper()) if isinstance(method, str) else None,
        bulk_id=_text(given, "bulkid"),
        path=_text(given, "path"),
        data=given.get("data"),
    )


def _text(given: dict[str, Any], name: str) -> str | None:
    value = given.get(name)
    return value if isinstance(value, str) and value else None


def _fail_on_errors(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidValue(f"failOnErrors: {shown(value)} is no number of errors")
    return value


def _target(method: str, path: str | None) -> tuple[str, str]:
    """Return (endpoint, id) of a path such as `/Users/2819c223`; the id of a POST is ""."""
    endpoint, _slash, resource_id = (path or "").strip("/").partition("/")
    name = _ENDPOINTS.get(endpoint.lower())
    if name is None or "/" in resource_id or bool(resource_id) == (method == "POST"):
        wanted = "/Users or /Groups" if method == "POST" else "/Users/{id} or /Groups/{id}"
        raise InvalidPath(f"path: a {method} goes to {wanted}, not to {shown(path)}")
    return name, resource_id
