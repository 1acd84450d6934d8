"""A system check: in production, keys come from Microsoft and from nowhere else."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error


def check_keys_origin(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """scim_sync.E007: anyone who runs another key server could sign in as every directory."""
    if not settings.PRODUCTION or not settings.ENTRA_KEYS_ORIGIN:
        return []
    return [
        Error(
            "ENTRA_KEYS_ORIGIN is for tests: in production the keys of Microsoft Entra come from Microsoft.",
            hint="Remove ENTRA_KEYS_ORIGIN.",
            id="scim_sync.E007",
        )
    ]
