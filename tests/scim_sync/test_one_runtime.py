"""Every write goes through the adapter that django-scim2's settings name, and asks it for little."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

from printmgmt.people.models import PrintUser
from scim_sync.adapters.users import UserAdapter
from tests.scim_sync.client import DISABLE, Scim, a_user


class CountingAdapter(UserAdapter):
    """Counts what is asked of it."""

    calls: list[str] = []

    def to_dict(self) -> dict[str, Any]:
        self.calls.append("to_dict")
        return super().to_dict()

    def save(self) -> None:
        self.calls.append("save")
        super().save()

    def delete(self) -> None:
        self.calls.append("delete")
        super().delete()


class BrokenAdapter(UserAdapter):
    """Breaks in the middle of a write."""

    def save(self) -> None:
        super().save()
        raise RuntimeError("secret of the machine room")


@pytest.mark.parametrize(
    ("method", "body", "calls"),
    [
        ("POST", a_user("dave"), ["save", "to_dict"]),
        ("PUT", a_user("alice"), ["to_dict", "save", "to_dict"]),
        ("PATCH", {"Operations": [DISABLE]}, ["to_dict", "save", "to_dict"]),
        ("DELETE", None, ["to_dict", "delete"]),
    ],
)
def test_each_write_reaches_the_adapter_of_the_settings(
    scim: Scim,
    alice: PrintUser,
    name_adapter: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    body: object,
    calls: list[str],
) -> None:
    name_adapter("USER_ADAPTER", f"{__name__}.CountingAdapter")
    monkeypatch.setattr(CountingAdapter, "calls", [])

    answer = scim.send(method, "/Users" if method == "POST" else f"/Users/{alice.pk}", body)

    assert answer.status < 300
    assert CountingAdapter.calls == calls


def test_a_crash_is_a_scim_500_and_changes_nothing(
    scim: Scim, alice: PrintUser, name_adapter: Callable[[str, str], None]
) -> None:
    name_adapter("USER_ADAPTER", f"{__name__}.BrokenAdapter")

    answer = scim.patch(alice.pk, DISABLE)

    assert answer.error == (500, None)
    assert "secret" not in answer.body["detail"]
    assert answer.headers["X-Request-ID"] in answer.body["detail"]
    alice.refresh_from_db()
    assert alice.active


def test_no_table_of_the_core_points_at_an_add_on() -> None:
    ours = {"addons", "scim_sync"}
    core = [model for model in apps.get_models() if model.__module__.startswith("printmgmt.")]

    pointing = [
        str(field)
        for model in core
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model._meta.app_label in ours
    ]

    assert len(core) > 20
    assert pointing == []
