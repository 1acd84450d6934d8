"""The Celery application: its settings are Django's `CELERY_…`, its tasks the apps' `tasks.py`."""

import os
from typing import Any

import structlog
from celery import Celery, Task, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "printmgmt.settings")
# System checks import every page. `migrate`, `up` and the web process run them; a worker starts without.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("printmgmt")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_our_logging(**_kwargs: object) -> None:
    """Stop Celery from configuring logging: it does not if this signal has a receiver."""


@signals.import_modules.connect
def schedule(**_kwargs: object) -> None:
    """Add the sweeps and the periodic tasks of add-ons to the schedule of beat.

    Django is set up when this is called, because Celery's own receiver is called first.
    """
    # Imported here because models are not loaded when this module is imported.
    from printmgmt.console.shell.extensions import extensions  # noqa: PLC0415
    from printmgmt.work.sweeps import sweep_names  # noqa: PLC0415

    # Messages that no worker takes in time expire instead of piling up.
    often = {"task": "work.sweep", "schedule": 30.0, "options": {"expires": 30}}
    app.conf.beat_schedule = {
        **{f"sweep {name}": {**often, "args": [name]} for name in sweep_names()},
        **{
            task.name: {"task": task.task, "schedule": task.seconds, "options": {"expires": task.seconds}}
            for task in extensions.periodic_tasks()
        },
    }


@signals.before_task_publish.connect
def propagate_request_id(headers: dict[str, Any], **_kwargs: object) -> None:
    """Send the request id with the task, for its log lines."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if request_id:
        headers["request_id"] = request_id


@signals.task_prerun.connect
def bind_log_context(task_id: str, task: Task[Any, Any], **_kwargs: object) -> None:
    """Add task and request id to every line that the task logs."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
    request_id = getattr(task.request, "request_id", None)
    if request_id:
        structlog.contextvars.bind_contextvars(request_id=request_id)


@signals.task_postrun.connect
def clear_log_context(**_kwargs: object) -> None:
    """Clear the log context for the next task of the process."""
    structlog.contextvars.clear_contextvars()
