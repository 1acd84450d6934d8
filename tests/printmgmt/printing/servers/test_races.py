"""Two administrators at one address: the one who waited is told that it is there already."""

import pytest
from django.db import connection

from demo.cupsd import PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import PrintServer, ServerRound
from printmgmt.printing.servers.exceptions import AddressTaken
from printmgmt.printing.servers.pausing import remove_server
from tests import factories
from tests.printmgmt.console.groups.test_races import overtaken
from tests.printmgmt.printing.servers.conftest import Adding

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="races are proven on PostgreSQL"),
]


@pytest.fixture
def contoso(transactional_db: None) -> Organization:
    return factories.organization("Contoso")


def test_an_address_is_added_once(contoso: Organization, cups: PrivateCups, adding: Adding) -> None:
    refused: list[AddressTaken] = []

    def second() -> None:
        try:
            adding(contoso, cups)
        except AddressTaken as error:
            refused.append(error)

    overtaken(second, by=lambda: adding(contoso, cups))

    assert len(refused) == 1
    assert (PrintServer.objects.count(), ServerRound.objects.count()) == (1, 1)


def test_a_removed_server_comes_back_once(contoso: Organization, cups: PrivateCups, adding: Adding) -> None:
    server = adding(contoso, cups)
    remove_server(server, by=factories.TESTER)
    test_an_address_is_added_once(contoso, cups, adding)

    assert PrintServer.objects.get().pk == server.pk
