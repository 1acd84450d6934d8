"""A kind of the tests: it raises the version of a person, once."""

import os
import signal
from collections.abc import Mapping, Sequence

from django.db.models import F

from printmgmt.bulk import kinds
from printmgmt.bulk.kinds import Failed, Kind, Skipped
from printmgmt.bulk.models import BulkItem, BulkOperation
from printmgmt.people.models import PrintUser


class Marking(Kind):
    """By what a person is called: `skip`, `fail`, `crash` and `poison` (kills the worker) end otherwise."""

    name = "marking"

    def load(self, operation: BulkOperation, ids: Sequence[str]) -> Mapping[str, PrintUser]:
        people = PrintUser.objects.of(operation.organization).filter(pk__in=ids)
        return {str(person.pk): person for person in people}

    def act(self, operation: BulkOperation, item: BulkItem, row: PrintUser) -> None:
        PrintUser.objects.filter(pk=row.pk).update(version=F("version") + 1)
        if row.display_name == "skip":
            raise Skipped("Nothing to do.")
        if row.display_name == "fail":
            raise Failed("Not allowed.")
        if row.display_name == "crash":
            raise RuntimeError
        if row.display_name == "poison":
            os.kill(os.getpid(), signal.SIGKILL)

    def ended(self, operation: BulkOperation) -> None:
        operation.options = {**operation.options, "ended": operation.options.get("ended", 0) + 1}
        operation.save(update_fields=["options"])


kinds.register_kind(Marking())
