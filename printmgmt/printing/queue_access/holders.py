"""Which names in a list nobody has any more, since their person was anonymized."""

from collections.abc import Iterable

from printmgmt.people.models import PrintAlias
from printmgmt.people.names import name_key
from printmgmt.printing.jobs.names import alike, may_be_cut
from printmgmt.printing.models import PrintServer
from printmgmt.printing.queue_access.forms import fold, forms_of
from printmgmt.printing.queue_access.rows import servers_of


def nobodys(place: str, names: Iterable[str]) -> frozenset[str]:
    """Return those of these names, by `fold`, that nobody has in any organization that has or had a server,
    whether they may print or not. One statement; none without names.
    """
    keys = {name: name_key(name) for name in names}
    if not keys:
        return frozenset()
    organizations = PrintServer.objects.filter(servers_of(place)).values("organization")
    aliases = PrintAlias.objects.filter(organization__in=organizations)
    cut = [key for name, key in keys.items() if may_be_cut(name)]
    held = forms_of(alike(aliases, {*keys.values()}, cut=cut).values_list("value", flat=True))
    return frozenset(fold(name) for name in keys if fold(name) not in held)
