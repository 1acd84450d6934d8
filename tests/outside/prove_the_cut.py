"""`python -m tests.outside.prove_the_cut`: proves from outside that leaving ends access and holds jobs.

It starts a console on an empty data folder and a CUPS server of its own, and uses them as their clients do:
SCIM over HTTP, `lp`, `ipptool`, the station API, a browser. It imports nothing of the console. Each line has
what is expected and what was seen, and effects the seconds since the request. Exit code 1: a line differs.
"""

import signal
import sys
import time
from contextlib import ExitStack

from tests.outside.console import Console
from tests.outside.cups import PrivateCups
from tests.outside.holds import stock_policy, the_block
from tests.outside.setting import add_queues, set_up
from tests.outside.site import Site
from tests.outside.table import Table
from tests.outside.the_cut import the_cut


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what it started ends with it
    table = Table()
    began = time.monotonic()
    with ExitStack() as stack:
        cups = stack.enter_context(PrivateCups())
        add_queues(cups)
        console = stack.enter_context(Console())
        contoso = Site(console, "Contoso", "contoso.example")
        fabrikam = Site(console, "Fabrikam", "fabrikam.example", three_attributes=True)
        kinds = set_up(table, cups, (contoso, fabrikam))
        stella = contoso.people["stella"]
        kept = stock_policy(table, cups, contoso, stella)
        the_block(table, cups, (contoso, fabrikam), stella, kept)
        for kind in kinds:
            the_cut(table, cups, kind)
        for site in (contoso, fabrikam):
            site.identify.end()
    print(f"{time.monotonic() - began:.0f} s")
    return table.verdict()


if __name__ == "__main__":
    sys.exit(main())
