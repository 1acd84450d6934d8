"""Times a bulk suspension: `python -m bench.bulk_suspension --people 1000 10000`.

Its own PostgreSQL (settings of a test: no fsync) and broker, one worker, which is this process. Each person
has a card. The preview is what the page of the operation counts before it is started.
"""

import argparse
import tempfile
import time
from pathlib import Path

from bench.database import own_database
from bench.scim_requests import directory


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.bulk_suspension")
    parser.add_argument("--people", type=int, nargs="+", default=[1_000, 10_000])
    sizes = parser.parse_args().people
    print(f"{'people':>8}{'select s':>10}{'preview s':>11}{'suspend s':>11}{'ms each':>9}{'turns':>7}")
    from printmgmt.services.valkey import Valkey  # noqa: PLC0415

    broker = Valkey(Path(tempfile.mkdtemp(prefix="printmgmt-bench-")))
    broker.start()  # each leaving nudges a worker
    try:
        with own_database(BROKER_URL=broker.url):
            for size in sizes:
                measure(size)
    finally:
        broker.stop()


def measure(size: int) -> None:
    """Suspend ``size`` people of an organization, in turns."""
    from django.db import connection  # noqa: PLC0415

    from printmgmt.audit.actors import system  # noqa: PLC0415
    from printmgmt.bulk.performing import BulkOperations  # noqa: PLC0415
    from printmgmt.bulk.services import prepare, start  # noqa: PLC0415
    from printmgmt.deprovisioning.in_bulk import SUSPEND  # noqa: PLC0415
    from printmgmt.deprovisioning.models import Trigger  # noqa: PLC0415
    from printmgmt.deprovisioning.preview import preview_leaving  # noqa: PLC0415
    from printmgmt.organizations.models import Organization  # noqa: PLC0415
    from printmgmt.people.models import Credential, CredentialKind, PrintUser  # noqa: PLC0415
    from printmgmt.work.runner import perform_due  # noqa: PLC0415

    _url, _token, ids = directory(size)
    organization = Organization.objects.get(slug=f"bench-{size}")
    Credential.objects.bulk_create(
        (
            Credential(
                organization=organization,
                person_id=pk,
                kind=CredentialKind.CARD,
                key_id="bench",
                digest=f"{size}-{number}",
                last4=f"{number % 10_000:04}",
            )
            for number, pk in enumerate(ids)
        ),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    by = system("bench")
    owner = organization.administrators.get()

    begun = time.perf_counter()
    operation = prepare(SUSPEND, ids, organization=organization, by=by)
    selected = time.perf_counter()
    preview = preview_leaving(
        PrintUser.objects.of(organization).filter(pk__in=ids), Trigger.SUSPENDED, by=owner
    )
    if preview.number != size or not preview.totals:
        raise SystemExit(f"the preview counts {preview.number} of {size}")
    previewed = time.perf_counter()
    start(operation, by=by)
    turns = perform_due(BulkOperations())
    while not is_over(operation):
        turns += perform_due(BulkOperations())
    ended = time.perf_counter()
    if operation.done != size:
        raise SystemExit(f"{operation.done} of {size} were suspended")
    seconds = ended - previewed
    print(
        f"{size:>8}{selected - begun:>10.2f}{previewed - selected:>11.2f}{seconds:>11.1f}"
        f"{seconds * 1000 / size:>9.2f}{turns:>7}"
    )


def is_over(operation: object) -> bool:
    from printmgmt.bulk.models import BulkOperation, OperationState  # noqa: PLC0415

    assert isinstance(operation, BulkOperation)
    operation.refresh_from_db()
    return operation.state == OperationState.FINISHED


if __name__ == "__main__":
    main()
