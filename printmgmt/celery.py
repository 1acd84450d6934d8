"""The Celery application: its settings are Django's `CELERY_…`, its tasks the apps' `tasks.py`."""

import os
from typing import Any

import structlog
from celery import Celery, Task, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "printmgmt.settings")

app = Celery("printmgmt")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_our_logging(**_kwargs: object) -> None:
    """Django has configured logging already; a receiver is how Celery is told to leave it alone."""


@signals.import_modules.connect
def schedule(**_kwargs: object) -> None:
    """Have beat sweep, besides each worker's timer, and run what add-ons registered.

    Django is set up by now: Celery's own receiver came first.
    """
    # Models, which the console's hooks need, are not loaded when this module is read.
    from printmgmt.console.shell.extensions import extensions  # noqa: PLC0415
    from printmgmt.work.sweeps import sweep_names  # noqa: PLC0415

    # What nobody reads in time expires instead of piling up.
    often = {"task": "work.sweep", "schedule": 30.0, "options": {"expires": 30}}
    app.conf.beat_schedule = {
        **{f"sweep {name}": {**often, "args": [name]} for name in sweep_names()},
        **{
            task.name: {"task": task.task, "schedule": task.seconds, "options": {"expires": task.seconds}}
            for task in extensions.periodic_tasks()
        },
    }


@signals.before_task_publish.connect
def hand_on_request_id(headers: dict[str, Any], **_kwargs: object) -> None:
    """Let the task's log lines carry the id of the request that asked for it."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if request_id:
        headers["request_id"] = request_id


@signals.task_prerun.connect
def bind_log_context(task_id: str, task: Task[Any, Any], **_kwargs: object) -> None:
    """Name task and request in every line the task logs."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
    request_id = getattr(task.request, "request_id", None)
    if request_id:
        structlog.contextvars.bind_contextvars(request_id=request_id)


@signals.task_postrun.connect
def clear_log_context(**_kwargs: object) -> None:
    """The process's next task starts with a clean slate."""
    structlog.contextvars.clear_contextvars()
