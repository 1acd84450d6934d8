"""scim-sanity in its strict mode over real HTTP; its made-up member must be left out, which is a setting."""

import pytest
from django.conf import settings
from scim_sanity.probe.runner import run_probe_api

from printmgmt.organizations.models import Organization
from tests import factories
from tests.scim_sync.client import HttpScim

# No server of people and groups has the resources of draft-abbey-scim-agent-extension.
NOT_SERVED = ["Agent CRUD Lifecycle", "AgenticApplication CRUD Lifecycle", "Agent Rapid Lifecycle"]


@pytest.mark.usefixtures("server")
def test_scim_sanity_finds_nothing_to_complain_about(contoso: Organization) -> None:
    scim = HttpScim.of(factories.installed(contoso, unknown_members="ignore"))

    report = run_probe_api(f"{settings.PUBLIC_URL}{scim.base}", token=scim.token, strict=True)

    assert [found for found in report["results"] if found["status"] not in ("pass", "skip")] == []
    assert [found["name"] for found in report["results"] if found["status"] == "skip"] == NOT_SERVED
    assert report["summary"]["passed"] == 28
    assert report["issues"] == []
