"""Converts exceptions of scim2-models and pydantic into ours."""

from pydantic import ValidationError
from scim2_models import SCIMException as LibraryException

from scim_sync.protocol.errors import ScimError


def from_library(exc: LibraryException | ValidationError) -> ScimError:
    """Convert an exception of scim2-models or pydantic: its first problem, with place, without input."""
    if isinstance(exc, ValidationError):
        problem = exc.errors(include_url=False, include_input=False)[0]
        context = problem.get("ctx", {})
        place = ".".join(str(step) for step in problem["loc"])
        detail = f"{place}: {problem['msg']}" if place else problem["msg"]
        return ScimError(
            detail,
            status=context.get("status"),
            scim_type=context.get("scim_type") or "invalidValue",
        )
    place = str(getattr(exc, "attribute", None) or getattr(exc, "path", None) or "")
    detail = exc.detail if not place or place in exc.detail else f"{place}: {exc.detail}"
    return ScimError(detail, status=exc.status, scim_type=exc.scim_type or None)
