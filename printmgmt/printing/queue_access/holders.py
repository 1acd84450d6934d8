"""Which names in a list nobody has any more, since their person was anonymized."""

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Left

from printmgmt.people.models import PrintAlias
from printmgmt.people.names import name_key
from printmgmt.printing.jobs.names import may_be_cut
from printmgmt.printing.models import PrintServer
from printmgmt.printing.queue_access.forms import fold, forms_of
from printmgmt.printing.queue_access.rows import servers_of

_PREFIX = 8


def nobodys(place: str, names: Iterable[str]) -> frozenset[str]:
    """Return those of these names, by `fold`, that nobody has in any organization that has or had a server,
    whether they may print or not. One statement; none without names.
    """
    keys = {name: name_key(name) for name in names}
    if not keys:
        return frozenset()
    same = Q(value_key__in=keys.values()) | Q(local_key__in=keys.values())
    if starts := {key[:_PREFIX] for name, key in keys.items() if may_be_cut(name)}:
        same |= Q(start__in=starts)
    organizations = PrintServer.objects.filter(servers_of(place)).values("organization")
    aliases = PrintAlias.objects.filter(organization__in=organizations).annotate(
        start=Left("value_key", _PREFIX)
    )
    held = forms_of(aliases.filter(same).values_list("value", flat=True))
    return frozenset(fold(name) for name in keys if fold(name) not in held)
