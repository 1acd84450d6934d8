"""What a process imports before it works: one that serves no SCIM loads no models of it."""

import json
import subprocess
import sys
from textwrap import dedent

from django.conf import settings

PAGES = ("printmgmt.urls", "printmgmt.console.urls", "scim_sync.api.urls")
LARGE = ("scim2_models", "scim2_server", "pydantic", "rest_framework.serializers", "drf_spectacular.openapi")


def imported(code: str, environment: dict[str, str]) -> set[str]:
    """The modules that a process of the product has imported when it has run ``code``."""
    code = f"{dedent(code)}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={
            **environment,
            "DJANGO_SETTINGS_MODULE": "printmgmt.settings",
        },  # those of the tests load pydantic
        capture_output=True,
        check=True,
        text=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_a_worker_starts_without_pages_and_models_of_scim(child_environment: dict[str, str]) -> None:
    code = "from printmgmt.celery import app; app.loader.init_worker()"

    loaded = imported(code, child_environment)

    assert {"scim_sync.tasks", "printmgmt.deprovisioning.models"} <= loaded
    assert loaded.isdisjoint([*PAGES, *LARGE])


def test_beat_starts_without_them(child_environment: dict[str, str]) -> None:
    code = """
        from printmgmt.celery import app
        app.loader.import_default_modules()  # what `celery.apps.beat` calls
        assert app.conf.beat_schedule
    """

    loaded = imported(code, child_environment)

    assert "printmgmt.work.sweeps" in loaded
    assert loaded.isdisjoint([*PAGES, *LARGE])


def test_the_web_process_has_every_page_before_it_forks(child_environment: dict[str, str]) -> None:
    assert {*PAGES, "scim2_models"} <= imported("import printmgmt.wsgi", child_environment)
