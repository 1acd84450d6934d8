"""Command lines of the console's processes, used by `manage.py up` and the tests."""

import sys


def worker() -> list[str]:
    """Return the command of a Celery worker with two processes. Gossip and mingle only delay its start."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "printmgmt", "worker"),
        *("--concurrency", "2", "--without-mingle", "--without-gossip"),
    ]


def beat() -> list[str]:
    """Return the command of Celery beat. The setting for its schedule is `CELERY_BEAT_SCHEDULE_FILENAME`."""
    return [sys.executable, "-m", "celery", "--quiet", "-A", "printmgmt", "beat"]


def web(listener: int) -> list[str]:
    """Return the command of gunicorn on the socket ``listener`` (a descriptor).

    The socket stays open if the web process dies, so requests wait for its successor.
    """
    return [
        *(sys.executable, "-m", "gunicorn", "--config", "python:printmgmt.gunicorn"),
        *("--bind", f"fd://{listener}", "printmgmt.wsgi"),
    ]
