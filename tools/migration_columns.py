"""What an older process cannot live with in a column that is new or changed."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from django.db.models import Field

AnyField: TypeAlias = "Field[Any, Any]"


class Reason(NamedTuple):
    """What is wrong. ``unused``: it is right once no process needs what is taken away."""

    text: str
    unused: bool = False

    def __str__(self) -> str:
        return f"{self.text} say `unused_since`" if self.unused else self.text


_INTEGERS: Final = ("SmallIntegerField", "IntegerField", "BigIntegerField")
_WIDER: Final = {
    "CharField": ("TextField",),
    "SlugField": ("CharField", "TextField"),
    "AutoField": ("BigAutoField",),
    "SmallAutoField": ("AutoField", "BigAutoField"),
    "SmallIntegerField": _INTEGERS[1:],
    "IntegerField": _INTEGERS[2:],
    "PositiveSmallIntegerField": ("PositiveIntegerField", "PositiveBigIntegerField", *_INTEGERS[1:]),
    "PositiveIntegerField": ("PositiveBigIntegerField", *_INTEGERS[2:]),
    "PositiveBigIntegerField": ("BigIntegerField",),
}
"""Type → types that have a place for each of its values."""

_SIZES: Final = ("max_length", "max_digits", "decimal_places")


def added(field: AnyField) -> Iterator[Reason]:
    """Say what is wrong with a new column of a table that has rows."""
    if field.many_to_many or field.generated:
        return
    if must_be_given(field):
        yield Reason("older processes write rows without it; give it a `db_default`, or allow null")
    elif field.unique and not field.null:
        yield Reason("all rows of older processes would have the same value; allow null")
    if field.db_index and not field.unique:
        yield Reason("writers wait until its index is built; `db_index=False`, then `AddIndexOnline`")


def altered(old: AnyField, new: AnyField, name: str) -> Iterator[Reason]:
    """Say what is wrong with a changed column, ``name`` being the field's."""
    if (old.db_column or name) != (new.db_column or name):
        yield Reason("older processes know the old name; add the new one beside it")
    if old.null and not new.null:
        yield Reason("older processes write null; release code that does not, then", unused=True)
    if old.has_db_default() and not new.has_db_default():
        yield Reason(
            "older processes rely on its `db_default`; release code that does not, then", unused=True
        )
    if old.unique != new.unique or old.primary_key != new.primary_key:
        yield Reason("older processes count on what is unique, and what is not; if none does,", unused=True)
    if not getattr(old, "db_constraint", True) and getattr(new, "db_constraint", True):
        yield Reason("older processes may refer to nothing; release code that does not, then", unused=True)
    if new.db_index and not old.db_index and not new.unique:
        yield Reason("writers wait until its index is built; use `AddIndexOnline`")
    if not _has_place_for(old, new):
        yield Reason("older processes write what it has no place for; if none does,", unused=True)


def must_be_given(field: AnyField) -> bool:
    """Whether a row cannot be written without a value for it."""
    if field.many_to_many or field.generated:
        return False
    return not field.null and not field.has_db_default()


def _has_place_for(old: AnyField, new: AnyField) -> bool:
    if old.many_to_many or new.many_to_many:
        return bool(old.many_to_many and new.many_to_many)
    if old.remote_field or new.remote_field:
        return _target(old) == _target(new)
    before, after = old.get_internal_type(), new.get_internal_type()
    if before != after:
        return after in _WIDER.get(before, ())
    if getattr(old, "db_collation", None) != getattr(new, "db_collation", None):
        return False
    return all(_fits(getattr(old, size, None), getattr(new, size, None)) for size in _SIZES)


def _fits(old: int | None, new: int | None) -> bool:
    return new is None or (old is not None and old <= new)


def _target(field: AnyField) -> str:
    """What a reference refers to, in lower case; "" for other columns."""
    return str(field.remote_field.model).lower() if field.remote_field else ""
