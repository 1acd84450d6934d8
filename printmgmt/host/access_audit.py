"""Records in a customer's audit trail whenever the host's staff looks at the customer's data."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.audit.services import record
from printmgmt.organizations.models import Organization


def staff(request: HttpRequest) -> Actor:
    """Return the member of the staff who is signed in."""
    return Actor(
        kind=ActorKind.ACCOUNT,
        label=str(request.user),
        id=str(request.user.pk),
        source="host",
        request_id=getattr(request, "request_id", ""),
    )


class LookingAdmin(ModelAdmin[Any]):
    """Shows objects of customers and records each view. Cannot add or delete.

    Subclasses must implement `organizations_of`."""

    object_type = ""
    show_full_result_count = False

    def organizations_of(self, shown: Any) -> Iterable[Organization]:
        """Return the organizations in whose audit trails a view of ``shown`` is recorded."""
        raise NotImplementedError("Subclasses must implement organizations_of()")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        # For `_to_field=` in the URL, Django would look up the field "".
        return super().get_object(request, object_id, from_field or None)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        self._record(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self._record(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Record a search in the audit trail of every organization that it found."""
        answer = super().changelist_view(request, extra_context)
        found = getattr(answer, "context_data", None) or {}
        if (changes := found.get("cl")) and changes.query:
            organizations = {
                organization for shown in changes.result_list for organization in self.organizations_of(shown)
            }
            for organization in sorted(organizations, key=str):
                record(
                    organization,
                    "host.searched",
                    by=staff(request),
                    object_type=self.object_type,
                    object_id="",
                    label=changes.query,
                )
        return answer

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow only the filters beside the list: by default Django allows any field in the URL.

        With ``password__regex``, the list would reveal a hash letter by letter.
        """
        field, _separator, how = lookup.partition("__")
        beside = {getattr(item, "parameter_name", item) for item in self.list_filter}
        return field in beside and how in {"", "exact", "isnull"} and "\0" not in value

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save, and record each changed field with its old and new value."""
        changes = {
            name: [str(form.initial.get(name)), str(form.cleaned_data[name])] for name in form.changed_data
        }
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            for organization in self.organizations_of(obj):
                self._event(organization, "host.changed", request, obj, changes=changes)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _record(self, request: HttpRequest, object_id: str | None) -> None:
        shown = self.get_object(request, object_id) if object_id else None
        if shown is not None and self.has_view_or_change_permission(request, shown):
            for organization in self.organizations_of(shown):
                self._event(organization, "host.viewed", request, shown)

    def _event(
        self, organization: Organization, verb: str, request: HttpRequest, shown: Any, **details: Any
    ) -> None:
        record(
            organization,
            verb,
            by=staff(request),
            object_type=self.object_type,
            object_id=shown.pk,
            label=str(shown),
            **details,
        )
