"""What a person may be called on a print server, in the forms in which CUPS compares names with a list."""

from collections.abc import Iterable, Mapping
from string import ascii_lowercase, ascii_uppercase
from typing import Final

from printmgmt.printing.ipp.names import is_clean
from printmgmt.printing.ipp.queues import NOBODY
from printmgmt.printing.jobs.names import cut_name

_ASCII: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_RESERVED: Final = frozenset({"all", "none", NOBODY})


def fold(name: str) -> str:
    """Return the name as CUPS compares it: of letter case, it ignores that of ASCII only."""
    return name.translate(_ASCII)


def forms_of(names: Iterable[str]) -> Mapping[str, str]:
    """Return what to put into a list for someone with these names, by `fold`: each name and the part before
    its ``@``, both cut to 32 bytes.

    Up to 2.4.2 CUPS compares only the part before the ``@``, later the whole name. Both are written, so that
    a list stays right when the server is updated.
    """
    forms = [cut_name(form) for name in names for form in (name, name.partition("@")[0])]
    return {fold(form): form for form in forms}


def may_be_listed(form: str, *, operator: str) -> bool:
    """Whether a form means one name in a list: not a group, not everyone, and not the console's operator."""
    is_group = form.startswith(("@", "#"))
    return bool(form) and not is_group and is_clean(form) and fold(form) not in _RESERVED | {fold(operator)}
