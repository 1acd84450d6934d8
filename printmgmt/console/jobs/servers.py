"""The print servers beside a list of what is on them: as a filter, and how old what they said is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.navigation import Text
from printmgmt.printing.models import PrintServer

NAMED = 5
"""Servers that are named one by one where they cannot be read."""


def is_read(server: PrintServer) -> bool:
    """Whether the console reads a server: then what it says of its printers and jobs is current."""
    return not (server.problem or server.paused_at or server.removed_at)


@dataclass(frozen=True)
class Freshness:
    """How old a list is: ``at``, when its servers were read (the first of them), and those that are not."""

    at: datetime | None
    unread: list[PrintServer]

    @property
    def named(self) -> list[PrintServer]:
        """The servers to name."""
        return self.unread[:NAMED]

    @property
    def more(self) -> int:
        """How many there are besides."""
        return max(0, len(self.unread) - NAMED)


class ServersMixin(OrganizationMixin):
    """A page about what is on print servers; reads the servers once."""

    @cached_property
    def servers(self) -> list[PrintServer]:
        """The organization's servers by name."""
        servers = PrintServer.objects.filter(organization=self.organization, removed_at__isnull=True)
        return list(servers.defer("probe").order_by("name", "pk"))

    @property
    def freshness(self) -> Freshness:
        """How old what the page shows is."""
        read = [server.last_seen_at for server in self.servers if is_read(server) and server.last_seen_at]
        return Freshness(
            at=min(read, default=None), unread=[server for server in self.servers if not is_read(server)]
        )


def _choices(view: ServersMixin) -> Iterator[tuple[str, Text]]:
    for server in view.servers:
        yield str(server.pk), server.name


SERVER_FILTER = Select("server", _("Print server"), _("All print servers"), _choices)
