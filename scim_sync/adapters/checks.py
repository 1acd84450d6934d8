"""System checks of the adapters in SCIM_SERVICE_PROVIDER, which a host may replace."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django_scim.utils import get_group_adapter, get_user_adapter

from scim_sync.adapters.extending import declared, problems_of
from scim_sync.adapters.groups import GroupAdapter
from scim_sync.adapters.users import UserAdapter


def check_adapters(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """scim_sync.E001: an adapter cannot be imported, or is not a subclass of ours."""
    errors: list[CheckMessage] = []
    for setting, named, ours in (
        ("USER_ADAPTER", get_user_adapter, UserAdapter),
        ("GROUP_ADAPTER", get_group_adapter, GroupAdapter),
    ):
        try:
            adapter = named()
        except (ImportError, AttributeError, ValueError) as error:
            problem = str(error)
        else:
            if isinstance(adapter, type) and issubclass(adapter, ours):
                continue
            problem = f"{adapter!r} is no subclass of {ours.__module__}.{ours.__name__}."
        errors.append(Error(f"SCIM_SERVICE_PROVIDER[{setting!r}]: {problem}", id="scim_sync.E001"))
    return errors


def check_extensions(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """scim_sync.E008: an extension that the adapter of people declares is faulty."""
    return [
        Error(
            f"SCIM_SERVICE_PROVIDER['USER_ADAPTER']: extension {extension.name}: {problem}.",
            hint="docs/scim.md, “Attributes of your own”.",
            id="scim_sync.E008",
        )
        for extension, problems in problems_of(declared())
        for problem in problems
    ]
