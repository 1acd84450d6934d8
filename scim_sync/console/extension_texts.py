"""What the console shows of a host's extensions of people."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Prefetch

from printmgmt.console.shell.extensions import PersonText
from printmgmt.people.models import PrintUser
from scim_sync.adapters.extending import declared
from scim_sync.models import ScimUser


def extension_texts() -> Iterator[PersonText]:
    """Yield the attributes that the host's adapter declares."""
    for extension in declared():
        for attribute in extension.attributes:
            read = _reader(extension.urn, attribute.name)
            yield PersonText(extension.path(attribute), attribute.label, read)


def links_in_force() -> "Prefetch[str, Any, str]":
    """Return what fetches the links that the attributes are read from."""
    return Prefetch("scim_links", ScimUser.objects.linking().order_by("pk"), to_attr="links_in_force")


def _reader(urn: str, name: str) -> Callable[[PrintUser], str]:
    def read(person: PrintUser) -> str:
        links: list[ScimUser] = getattr(person, "links_in_force", [])
        found = (link.attributes.get(urn, {}).get(name, "") for link in links)
        return next(filter(None, found), "")

    return read
