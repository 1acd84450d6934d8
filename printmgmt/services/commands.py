"""The command lines of the console's own processes: the same ones under `manage.py up` and in the tests."""

import sys
from pathlib import Path


def worker() -> list[str]:
    """A Celery worker with two processes; no gossip and mingle, which only delay the start here."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "printmgmt", "worker"),
        *("--concurrency", "2", "--without-mingle", "--without-gossip"),
    ]


def beat(data_dir: Path) -> list[str]:
    """Celery's clock, with its memory of the last ticks in ``data_dir``."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "printmgmt", "beat"),
        *("--schedule", str(data_dir / "beat"), "--pidfile", ""),
    ]


def web(listener: int) -> list[str]:
    """gunicorn on the listening socket with descriptor ``listener``; the rest is in `printmgmt/gunicorn.py`.

    The socket outlives a dead web process: requests wait for the next one instead of being refused.
    """
    return [
        *(sys.executable, "-m", "gunicorn", "--config", "python:printmgmt.gunicorn"),
        *("--bind", f"fd://{listener}", "printmgmt.wsgi"),
    ]
