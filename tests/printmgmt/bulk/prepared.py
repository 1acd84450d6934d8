"""A bulk operation that waits for its start."""

from collections.abc import Iterable

from printmgmt.bulk.models import BulkOperation
from printmgmt.bulk.services import prepare
from printmgmt.deprovisioning.in_bulk import SUSPEND
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from tests.factories import TESTER


def bulk_operation(of: Organization, people: Iterable[PrintUser]) -> BulkOperation:
    """The suspension of these people, prepared."""
    return prepare(SUSPEND, [person.pk for person in people], organization=of, by=TESTER)
