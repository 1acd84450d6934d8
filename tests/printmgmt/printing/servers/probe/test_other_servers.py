"""Servers that are not CUPS, and those that lie, refuse or go away: said in words, never a crash."""

import pytest

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.ipp.errors import IppError, NotSupported
from printmgmt.printing.models import PrintServer
from printmgmt.printing.servers.adding import add_server
from printmgmt.printing.servers.findings.report import findings_of
from printmgmt.printing.servers.probe.probing import probe_server
from tests import factories
from tests.other_printer import OtherPrinter
from tests.printmgmt.printing.bad_answers import LYING, REFUSING
from tests.printmgmt.printing.bad_servers import bad_server

pytestmark = pytest.mark.django_db

# What the client takes on purpose: cupsd announces more than it sends, too (`ipp/transport.py`).
TAKEN = "shorter than its length"


def test_a_printer_that_is_not_cups_is_added_without_a_login_and_tested(
    contoso: Organization, other_ipp: OtherPrinter
) -> None:
    server = add_server(contoso, address=other_ipp.uri, by=factories.TESTER)

    found = probe_server(server, by=factories.TESTER)

    assert (found.is_cups, found.queues, found.policies) == (False, 1, ())
    assert [finding.code for finding in findings_of(found)] == ["not-cups"]


def test_a_login_for_a_printer_that_is_not_cups_is_not_sent_as_one(
    contoso: Organization, other_ipp: OtherPrinter
) -> None:
    where = other_ipp.uri.partition("/ipp/")[0]

    with pytest.raises(NotSupported, match="not a CUPS server"):
        add_server(contoso, address=where, user_name=OPERATOR, password="x", by=factories.TESTER)

    assert not PrintServer.objects.exists()


@pytest.mark.parametrize("name", sorted({*LYING, *REFUSING} - {TAKEN}))
def test_a_bad_server_is_neither_added_nor_tested(
    contoso: Organization, cups: PrivateCups, name: str
) -> None:
    with bad_server(name) as bad:
        with pytest.raises(IppError):
            add_server(contoso, address=bad.uri, user_name=OPERATOR, password="x", by=factories.TESTER)
        kept = factories.print_server(contoso, uri=bad.uri, address_key=f"127.0.0.1:{bad.port}")
        with pytest.raises(IppError):
            probe_server(kept, by=factories.TESTER)

    kept.refresh_from_db()
    assert (PrintServer.objects.count(), kept.probe, kept.probed_at) == (1, {}, None)
