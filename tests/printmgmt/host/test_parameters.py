"""Whatever stands in an address of the host's pages, they answer; pages and names are read from the site."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views import main as changes
from django.test import Client
from django.urls import reverse

from printmgmt.deprovisioning.models import RunState, Trigger
from printmgmt.organizations.models import Account, Organization
from tests import factories
from tests.printmgmt.console.test_parameters import VALUES, broken
from tests.printmgmt.host.test_host import staff
from tests.proofs import Deal

__all__ = ["staff"]

pytestmark = pytest.mark.django_db

LOOKUPS = ("", "__isnull")


@pytest.fixture
def contoso() -> Organization:
    """Something in each list: an organization, its owner, a run that is stuck."""
    organization = factories.organization("Contoso")
    run = factories.leaver(organization, Trigger.SUSPENDED)
    run.state = RunState.ATTENTION
    run.save()
    return organization


def pages() -> Iterator[tuple[str, set[str]]]:
    """Each page of each list, with every name its address could ask it for."""
    by_name = {value for name, value in vars(changes).items() if name.endswith("_VAR")}
    plain = by_name | {changes.ERROR_FLAG, IS_POPUP_VAR, TO_FIELD_VAR, "_changelist_filters", "next"}
    yield reverse("admin:index"), plain
    yield reverse("admin:jsi18n"), plain
    yield reverse("admin:autocomplete"), {"term", "app_label", "model_name", "field_name", "page"}
    for model, shown in admin.site._registry.items():
        yield reverse("admin:app_list", args=[model._meta.app_label]), plain
        filters = [getattr(item, "parameter_name", item) for item in shown.list_filter]
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        alone = [f"{name}{lookup}" for name in filters for lookup in LOOKUPS]
        for name in (*alone, changes.SEARCH_VAR, changes.ORDER_VAR, changes.PAGE_VAR):
            yield reverse(f"{base}_changelist"), {name}  # the first one that is refused ends the page
        yield reverse(f"{base}_changelist"), plain
        row: Any = model._default_manager.order_by("pk")[0]
        for page in ("change", "history", "delete"):
            yield reverse(f"{base}_{page}", args=[row.pk]), plain


def test_no_parameter_of_the_hosts_pages_breaks_them(
    staff: Client, contoso: Organization, deal: Deal
) -> None:
    found = {
        f"{path} {sorted(names)}": broken(staff, path, names, deal(row, VALUES))
        for row, (path, names) in enumerate(pages())
    }

    assert len(found) > 20
    assert {page: wrong for page, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("value", ["9" * 4400, "-1", "x", "\0", "²", "00000000-0000-0000-0000-000000000000"])
def test_no_id_in_a_path_breaks_them(staff: Client, contoso: Organization, value: str) -> None:
    staff.raise_request_exception = False
    assert Account.objects.exists()
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for page in ("change", "history", "delete"):
            answer = staff.get(reverse(f"{base}_{page}", args=[value]))
            assert answer.status_code < 500, (base, page)
