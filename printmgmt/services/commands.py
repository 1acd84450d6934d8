"""The command lines of the console's own processes: the same ones under `manage.py up` and in the tests."""

import sys


def worker() -> list[str]:
    """A Celery worker with two processes; no gossip and mingle, which only delay the start here."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "printmgmt", "worker"),
        *("--concurrency", "2", "--without-mingle", "--without-gossip"),
    ]


def beat() -> list[str]:
    """Celery's clock. Its schedule is below ``DATA_DIR`` (`CELERY_BEAT_SCHEDULE_FILENAME`)."""
    return [sys.executable, "-m", "celery", "--quiet", "-A", "printmgmt", "beat"]


def web(listener: int) -> list[str]:
    """gunicorn on the listening socket with descriptor ``listener``; the rest is in `printmgmt/gunicorn.py`.

    The socket outlives a dead web process: requests wait for the next one instead of being refused.
    """
    return [
        *(sys.executable, "-m", "gunicorn", "--config", "python:printmgmt.gunicorn"),
        *("--bind", f"fd://{listener}", "printmgmt.wsgi"),
    ]
