"""Workers that one process forks, one after the other: each may be killed, and none has to start.

A process of ours takes seconds of processor time to start; what a test of killed workers is about begins
afterwards.
"""

import re
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings

PROGRAM = """
import os, traceback
import django
django.setup()
from django.db import connections
{program}
for _each in range({times}):
    connections.close_all()  # a connection may not be shared
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    print("ended", os.waitstatus_to_exitcode(status), flush=True)
    between()
"""
END = re.compile(r"^ended (-?\d+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Ended:
    """How a worker ended (minus the signal, or its exit code) and what it had printed."""

    code: int
    output: str


def work_in_forks(program: str, environment: dict[str, str], *, times: int) -> list[Ended]:
    """Have ``work()`` of a program called by so many processes in turn, and its ``between()`` after each.

    Raises ``AssertionError`` with the errors where the process that forks them fails.
    """
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(program=program, times=times)],
        env={**environment, "PYTHONPATH": "."},
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    *parts, _rest = END.split(done.stdout)
    ended = [Ended(int(code), output) for output, code in zip(parts[::2], parts[1::2], strict=True)]
    assert all(each.code <= 0 for each in ended), done.stderr
    return ended
