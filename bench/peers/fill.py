"""Creates tables and rows of a peer: `python -m bench.peers.fill --people 1000 --members 100000`.

DJANGO_SETTINGS_MODULE names the project. Prints what a client has to know, as JSON.
"""

import argparse
import json
from importlib import import_module


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.peers.fill")
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--members", type=int, required=True)
    wanted = parser.parse_args()
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    rows = import_module(f"{settings.ROOT_URLCONF.rpartition('.')[0]}.rows")
    found = rows.fill(wanted.people, wanted.members)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
