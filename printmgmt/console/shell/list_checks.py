"""System checks: a list is sorted only by what an index sorts, or startup fails."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_origin

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db.models import Model
from django.urls import get_resolver

from printmgmt.console.shell.lists import GrowingListPage, ListPage
from printmgmt.console.shell.order import Sort
from printmgmt.console.shell.pages import all_pages

SCOPES = ("organization", "installation")
"""What every list is filtered by first."""

HINT = "docs/recipes.md, a list page"


def check_lists(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """console.E001 a sort has no index, E002 a sort's name is used twice, E003 the list cannot be sorted."""
    _ = get_resolver().url_patterns  # reading them loads the pages
    views = {page.view for page in all_pages() if issubclass(page.view, ListPage)}
    return [message for view in sorted(views, key=str) for message in check_list(view)]


def check_list(view: type[ListPage[Any]]) -> Iterator[CheckMessage]:
    """The same for one list."""
    sorts = [sort for column in view.columns for sort in column.sorts]
    if not sorts:
        return
    if issubclass(view, GrowingListPage):
        yield Error(f"{view.__name__} is paged by id and cannot be sorted.", hint=HINT, id="console.E003")
        return
    names = Counter(sort.name for sort in sorts)
    for name in (name for name, times in names.items() if times > 1):
        yield Error(f"{view.__name__} has two sorts called “{name}”.", hint=HINT, id="console.E002")
    model = model_of(view)
    for sort in sorts:
        if not is_indexed(sort, model):
            yield Error(
                f"{view.__name__} sorts by “{sort.column}”, for which {model.__name__} has no index.",
                hint=f'models.Index(fields=["organization", "{sort.column}", "id"], …), and no null=True',
                id="console.E001",
            )


def model_of(view: type[ListPage[Any]]) -> type[Model]:
    """The model of a list's rows, which its class names: ``ListPage[PrintUser]``."""
    for base in view.__mro__:
        for generic in base.__dict__.get("__orig_bases__", ()):
            origin = get_origin(generic)
            if isinstance(origin, type) and issubclass(origin, ListPage):
                model: type[Model] = get_args(generic)[0]
                return model
    raise TypeError(f"{view.__name__} must name the model of its rows: ListPage[…].")


def is_indexed(sort: Sort, model: type[Model]) -> bool:
    """Whether an index of the model finds the rows of an organization in this order, page after page."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    if sort.column not in fields or fields[sort.column].null or model._meta.pk is None:
        return False
    wanted = [[scope, sort.column, model._meta.pk.name] for scope in SCOPES]
    return any(
        index.condition is None
        and [name.removeprefix("-") for name in index.fields] in wanted
        and index.fields[1].startswith("-") == index.fields[2].startswith("-")
        for index in model._meta.indexes
    )
