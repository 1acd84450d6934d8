"""The code of docs/scim.md that a host would write."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings

_BLOCK = re.compile(r"```python\n# contoso/(\w+)\.py\n(.*?)```", re.DOTALL)


def examples() -> list[dict[str, str]]:
    """The hosts of the documentation in order, each with its modules and then its settings: name → code."""
    hosts: list[dict[str, str]] = [{}]
    for name, code in _BLOCK.findall(Path("docs/scim.md").read_text(encoding="utf-8")):
        hosts[-1][name] = code
        if name == "settings":
            hosts.append({})
    return hosts[:-1]


def run_as(
    host: dict[str, str],
    name_adapter: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    base: Path = settings.BASE_DIR,
) -> dict[str, Any]:
    """Import the modules of a host, name its adapter as its settings do, and return these settings."""
    monkeypatch.setitem(sys.modules, "contoso", ModuleType("contoso"))
    for name in host.keys() - {"settings"}:
        module = ModuleType(f"contoso.{name}")
        exec(host[name], module.__dict__)  # noqa: S102  # our own documentation
        monkeypatch.setitem(sys.modules, module.__name__, module)
    star, _blank, named = host["settings"].partition("\n\n")
    assert star == "from printmgmt.settings import *"
    of_host: dict[str, Any] = {
        "SCIM_SERVICE_PROVIDER": dict(settings.SCIM_SERVICE_PROVIDER),
        "LOCALE_PATHS": settings.LOCALE_PATHS,
        "BASE_DIR": base,
    }
    exec(named, of_host)  # noqa: S102
    name_adapter("USER_ADAPTER", of_host["SCIM_SERVICE_PROVIDER"]["USER_ADAPTER"])
    return of_host
