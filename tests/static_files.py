"""WhiteNoise looks for the static files once a process, as in a server, not once for each test's client."""

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware

_find = WhiteNoiseMiddleware.add_files_from_finders
_found: dict[str, dict[str, Any]] = {}


def add_files_found_once(middleware: WhiteNoiseMiddleware) -> None:
    """Give the middleware the files of the finders, from the second time on without a look at the disk."""
    prefix = middleware.static_prefix
    if prefix not in _found:
        _find(middleware)
        _found[prefix] = dict(middleware.files)
    middleware.files.update(_found[prefix])
